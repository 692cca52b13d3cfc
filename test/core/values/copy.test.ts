import { describe, expect, it } from 'vitest'
import { copyOf } from '../../../src/core/values/copy.js'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('a copy of an input', () => {
  it.each([
    ['plain objects and arrays', { a: [1, { b: 'x' }], none: undefined, nothing: null, big: 1n }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: [1] })],
    ['a key that names the prototype', JSON.parse('{ "__proto__": { "a": 1 }, "b": 2 }')],
    ['Map and Set', { map: new Map([[{ k: 1 }, [2]]]), set: new Set([[1], 'a']) }],
    ['Date, URL and RegExp', [new Date(5), new URL('http://localhost/a?b'), /x/gi]],
    [
      'bytes',
      [Buffer.from('abc'), new Uint8Array([1, 2]), new Float64Array([0.5]), new DataView(new ArrayBuffer(2))],
    ],
  ])('has equal %s, and no part in common', (_, input) => {
    const copied = copyOf(input)
    expect(copied).toEqual(input)
    const parts = (value: unknown): object[] =>
      typeof value === 'object' && value !== null
        ? [
            value,
            ...(value instanceof Map || value instanceof Set
              ? [...value.values()]
              : Object.values(value)
            ).flatMap(parts),
          ]
        : []
    const theirs = new Set(parts(input))
    expect(parts(copied).filter((part) => theirs.has(part))).toEqual([])
    expect(Object.getPrototypeOf(copied)).toBe(Object.getPrototypeOf(input))
  })

  it.each([
    ['an instance of a class', { a: new (class Mine {})() }],
    ['a function', { a: () => {} }],
    ['a subclass of Map', new (class Mine extends Map {})()],
    ['a subclass of Uint8Array', { a: new (class Mine extends Uint8Array {})(2) }],
    ['a promise', [Promise.resolve()]],
    ['bytes that were transferred', { bytes: transferred() }],
  ])('with %s in it is the input itself', (_, input) => {
    expect(copyOf(input)).toBe(input)
  })

  it('of a cycle is the input itself', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(copyOf(cycle)).toBe(cycle)
  })
})

describe('an input that its caller changes after the call', () => {
  it('is the same for key and work, at once, after a wait and in each attempt', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const seen: unknown[] = []
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h', ttl: '1h', retries: 1, retryDelay: 1 })(
      async (input: { n: number; deep: number[] }, task) => {
        seen.push(structuredClone(input))
        input.deep.push(task.attempt)
        if (task.attempt === 1) throw new Error('again')
        return input.n
      },
    )
    const input = { n: 1, deep: [1] }
    const first = call(input)
    input.n = 2
    await rain.cached({ name: 'busy', asyncTimeout: 0 })(work)(1)
    const second = call(input)
    input.n = 3
    await pass(10)
    letGo(1)
    await pass(1_000)
    expect(await Promise.all([first, second])).toMatchObject([{ value: 1 }, { value: 2 }])
    expect(await call({ n: 1, deep: [1] })).toMatchObject({ value: 1 })
    expect(seen.map((one) => (one as { n: number }).n).sort()).toEqual([1, 1, 2, 2])
  })

  it('and its function is, again, what a retry runs with', async () => {
    const rain = createRaincheck()
    const seen: number[][] = []
    const call = rain.cached({ name: 'f', asyncTimeout: '1m', ttl: '1h' })(
      async (input: { list: number[] }) => {
        seen.push([...input.list])
        input.list.push(2)
        if (seen.length === 1) throw new Error('no')
        return input.list.length
      },
    )
    await expect(call({ list: [1] })).rejects.toThrow('no')
    const { ref = '' } = (await rain.list()).tasks[0] ?? {}
    expect(await rain.retry(ref)).toMatchObject({ value: 2 })
    expect(seen).toEqual([[1], [1]])
    expect(await call({ list: [1] })).toMatchObject({ value: 2 })
    expect(seen).toHaveLength(2)
  })
})

function transferred(): Uint8Array {
  const bytes = new Uint8Array(8)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  return bytes
}
