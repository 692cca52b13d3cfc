import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { canonicalText, digest } from '../../../src/core/values/key.js'
import { createRaincheck } from '../../../src/index.js'

// The same values each time.
fc.configureGlobal({ seed: 6 })

/** Values of every type that a key is made of, out of few leaves, so that equal ones come up often. */
const leaf = fc.constantFrom<unknown>(
  ...[0, 1, '', '1', 'a', true, false, null, 1n, 2n, 'null', '1n', Number.NaN, Number.POSITIVE_INFINITY],
  ...[new Date(0), new Date(1), '1970-01-01T00:00:00.000Z', 'Date(0)'],
  ...[
    new Uint8Array([1]),
    new Uint8Array([1, 2]),
    new Int8Array([1]),
    Buffer.from([1]),
    new Uint16Array([1]),
  ],
)
const { value: rich } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    {
      weight: 1,
      arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
    },
    { weight: 1, arbitrary: fc.array(leaf, { maxLength: 2 }).map((items) => new Set(items)) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom('a', 'b', 1), tie('value')), { maxLength: 2 })
        .map((entries) => new Map(entries)),
    },
  ),
}))

describe('the text of a key', () => {
  it('is equal exactly when two values are, whatever types are nested in what', () => {
    fc.assert(
      fc.property(rich, rich, (one, other) => {
        expect(canonicalText(one) === canonicalText(other)).toBe(isDeepStrictEqual(one, other))
      }),
      // A thousand pairs out of few leaves: some 30 of them are equal.
      { numRuns: 1_000 },
    )
  })

  it('is the same for a copy', () => {
    fc.assert(
      fc.property(rich, (one) => {
        const copy = structuredClone(one)
        // A structured clone makes Buffers plain arrays of bytes, which are another type.
        fc.pre(isDeepStrictEqual(copy, one))
        expect(canonicalText(copy)).toBe(canonicalText(one))
      }),
    )
  })

  it('takes the bytes of a view, and not those beside it', () => {
    const bytes = new Uint8Array([9, 1, 2, 9])
    expect(canonicalText(bytes.subarray(1, 3))).toBe(canonicalText(new Uint8Array([1, 2])))
    expect(canonicalText(Buffer.from('abc').subarray(0, 2))).toBe(canonicalText(Buffer.from('ab')))
  })

  it('does not change when the same object is given twice, which is no cycle', () => {
    const shared = { n: 1 }
    expect(canonicalText([shared, { shared }])).toBe(canonicalText([{ n: 1 }, { shared: { n: 1 } }]))
  })

  it('refuses what nests too deeply, as it does a cycle, instead of running out of stack', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) deep = [deep]
    expect(() => canonicalText(deep)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })

  class ZonedDate extends Date {
    readonly zone: string
    constructor(ms: number, zone: string) {
      super(ms)
      this.zone = zone
    }
  }
  class Tagged extends URL {
    tag = 'mine'
  }
  const anonymous = () => class extends Uint8Array {}
  const alike: [string, () => unknown, () => unknown][] = [
    ['Dates of a class, by what they add', () => new ZonedDate(5, 'UTC'), () => new ZonedDate(5, 'CET')],
    ['a Date of a class and a plain one', () => new ZonedDate(5, 'UTC'), () => new Date(5)],
    ['a URL of a class and a plain one', () => new Tagged('http://a/'), () => new URL('http://a/')],
    ['bytes of two classes without names', () => new (anonymous())(1), () => new (anonymous())(1)],
    [
      'objects that differ by a symbol',
      () => ({ [Symbol.for('tenant')]: 1 }),
      () => ({ [Symbol.for('tenant')]: 2 }),
    ],
  ]
  it.each(alike)('is never shared by accident: %s differ, or are refused', (_, one, other) => {
    const text = (make: () => unknown) => {
      try {
        return canonicalText(make())
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_INPUT' })
        return Symbol('refused')
      }
    }
    expect(text(one)).not.toBe(text(other))
  })
})

describe('long inputs', () => {
  it('are told apart wherever they differ, and found again', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async (text: string) => text.length)
    const call = rain.cached({ name: 'f', asyncTimeout: '5s', ttl: '1h' })(work)
    const long = 'x'.repeat(100_000)
    const inputs = [long, `y${long}`, `${long}y`, `${long.slice(1)}y`]
    for (const input of [...inputs, ...inputs]) await call(input)
    expect(work).toHaveBeenCalledTimes(inputs.length)
    await rain.close()
  })

  it('are shortened to a text of one length', () => {
    const digests = ['', 'a', 'b', 'x'.repeat(10 ** 6)].map(digest)
    expect(new Set(digests).size).toBe(4)
    for (const text of digests) expect(text).toMatch(/^[\w-]{43}$/)
  })
})
