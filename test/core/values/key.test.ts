import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText } from '../../../src/core/values/key.js'

// The same values each time.
fc.configureGlobal({ seed: 6 })

/** The same value with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  )
}

describe('the text of a key', () => {
  it('never depends on the order of properties', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => canonicalText(reordered(value)) === canonicalText(value)),
    )
  })

  it('is equal for equal values only', () => {
    const sorted = (value: unknown): unknown =>
      JSON.stringify(value, (_, item) =>
        typeof item === 'object' && item !== null && !Array.isArray(item)
          ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
          : item,
      )
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(canonicalText(one) === canonicalText(other)).toBe(sorted(one) === sorted(other))
      }),
      { numRuns: 2_000 },
    )
  })

  const alike: [unknown, unknown][] = [
    [1, '1'],
    [1, 1n],
    [null, undefined],
    [null, 'null'],
    [true, 'true'],
    [new Date(5), 5],
    [new Date(0), new Date(0).toISOString()],
    [[], {}],
    [[1, 2], [12]],
    [['a', 'b'], ['a,b']],
    [new Set([1]), [1]],
    [new Map([['a', 1]]), { a: 1 }],
    [new Map([['a', 1]]), [['a', 1]]],
    [new Uint8Array([1]), new Int8Array([1])],
    [new Uint8Array([1]), Buffer.from([1])],
    [new URL('http://a/'), 'http://a/'],
    [/a/g, /a/],
    [{ a: { b: 1 } }, { a: {}, b: 1 }],
    [[undefined], []],
  ]
  it.each(alike)('differs between %o and %o', (one, other) => {
    expect(canonicalText({ one })).not.toBe(canonicalText({ one: other }))
  })

  it('counts an undefined property as absent, and takes Map and Set in any order', () => {
    expect(canonicalText({ a: 1, b: undefined })).toBe(canonicalText({ a: 1 }))
    expect(canonicalText(new Set([1, 2]))).toBe(canonicalText(new Set([2, 1])))
    expect(
      canonicalText(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      ),
    ).toBe(
      canonicalText(
        new Map([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    )
  })

  class Point {
    x = 1
  }
  const cycle: { list: unknown[] } = { list: [] }
  cycle.list.push(cycle)
  const refused: [string, unknown, string][] = [
    ['a function', { a: [{ b: () => 1 }] }, 'input.a[0].b is a function'],
    ['a symbol', { a: Symbol('x') }, 'input.a is a symbol'],
    ['an instance of a class', { deep: { point: new Point() } }, 'input.deep.point is an instance of Point'],
    ['an array of a subclass', { a: new (class Odd extends Array {})() }, 'input.a is an instance of Odd'],
    ['a promise', [Promise.resolve()], 'input[0] is an instance of Promise'],
    ['a cycle', cycle, 'contains itself'],
  ]
  it.each(refused)('refuses %s, and names the path', (_, value, message) => {
    expect(() => canonicalText(value)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(message) }),
    )
  })
})
