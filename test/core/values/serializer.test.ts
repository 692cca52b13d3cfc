import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultSerializer } from '../../../src/core/values/serializer.js'

// The same values each time.
fc.configureGlobal({ seed: 6 })

const roundTrip = <T>(value: T) => defaultSerializer.parse(defaultSerializer.stringify(value)) as T

describe('the serializer keeps', () => {
  it.each<[string, ArrayBufferView | ArrayBuffer]>([
    ['Int8Array', new Int8Array([-128, 127])],
    ['Uint8Array', new Uint8Array([0, 255])],
    ['Uint8ClampedArray', new Uint8ClampedArray([0, 255])],
    ['Int16Array', new Int16Array([-32_768, 32_767])],
    ['Uint16Array', new Uint16Array([0, 65_535])],
    ['Int32Array', new Int32Array([-(2 ** 31), 2 ** 31 - 1])],
    ['Uint32Array', new Uint32Array([0, 2 ** 32 - 1])],
    ['Float32Array', new Float32Array([1.5, -0, Number.NaN, Number.NEGATIVE_INFINITY])],
    ['Float64Array', new Float64Array([Number.MIN_VALUE, -0, Number.NaN])],
    ['BigInt64Array', new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n])],
    ['BigUint64Array', new BigUint64Array([0n, 2n ** 64n - 1n])],
    ['ArrayBuffer', new Uint8Array([1, 2]).buffer],
  ])('%s', (type, value) => {
    const back = roundTrip({ value }).value
    expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(value))
    expect(back.constructor.name).toBe(type)
    expect(back).toEqual(value)
  })

  it('the bytes of a view alone, and not all of the buffer that it looks at', () => {
    const bytes = Buffer.from('secret, public').subarray(8)
    const text = defaultSerializer.stringify(bytes)
    expect(roundTrip(bytes).toString()).toBe('public')
    expect(text).not.toContain(Buffer.from('secret').toString('base64').slice(0, 6))
  })

  it('any bytes of a Buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const back = roundTrip(Buffer.from(bytes))
        expect(Buffer.isBuffer(back)).toBe(true)
        expect([...back]).toEqual([...bytes])
      }),
    )
  })

  it('any text, also what is no valid Unicode', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => roundTrip(text) === text))
    expect(roundTrip('\ud800 alone')).toBe('\ud800 alone')
  })

  it('any number and any BigInt', () => {
    fc.assert(fc.property(fc.double(), (number) => Object.is(roundTrip(number), number)))
    fc.assert(fc.property(fc.bigInt(), (number) => roundTrip(number) === number))
  })

  it('a Date that is none, holes of an array, and what two places share', () => {
    expect(roundTrip(new Date(Number.NaN)).getTime()).toBeNaN()
    const holes: unknown[] = [1]
    holes[2] = 3
    expect(roundTrip(holes)).toEqual(holes)
    expect(1 in roundTrip(holes)).toBe(false)
    const shared = { n: 1 }
    const back = roundTrip([shared, shared])
    expect(back[0]).toBe(back[1])
  })

  it('objects as the keys of a Map, and undefined wherever it stands', () => {
    const map = new Map<unknown, unknown>([
      [{ a: 1 }, undefined],
      [undefined, [undefined]],
      [new Date(0), null],
    ])
    expect([...roundTrip(map)]).toEqual([...map])
    expect(roundTrip({ a: undefined })).toStrictEqual({ a: undefined })
    expect(roundTrip(undefined)).toBe(undefined)
  })

  it.each([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    'the class of a %o',
    (ErrorClass) => {
      const error = new ErrorClass('why', { cause: { deep: new Date(0) } })
      const back = roundTrip(error)
      expect(back).toBeInstanceOf(ErrorClass)
      expect([back.name, back.message, back.stack]).toEqual([error.name, 'why', error.stack])
      expect(back.cause).toEqual({ deep: new Date(0) })
    },
  )

  it('the name and the properties of an Error of one’s own, and as little enumerable as before', () => {
    class HttpError extends Error {
      override readonly name = 'HttpError'
      status = 404
      headers = new Map([['retry-after', '5']])
    }
    const back = roundTrip(new HttpError('not there'))
    expect(back).toBeInstanceOf(Error)
    expect(back).toMatchObject({ name: 'HttpError', message: 'not there', status: 404 })
    expect(back.headers).toEqual(new Map([['retry-after', '5']]))
    expect(Object.keys(roundTrip(new Error('x', { cause: 1 })))).toEqual([])
  })

  it('a proxy of plain data as that data, among whatever else', () => {
    const proxy = new Proxy({ a: 1 }, {})
    expect(roundTrip(proxy)).toEqual({ a: 1 })
    expect(roundTrip([proxy, new Date(0)])).toEqual([{ a: 1 }, new Date(0)])
  })

  it('the errors of an AggregateError', () => {
    const back = roundTrip(new AggregateError([new TypeError('one'), 'two'], 'both'))
    expect(back).toBeInstanceOf(AggregateError)
    expect([back.message, back.errors]).toEqual(['both', [new TypeError('one'), 'two']])
    expect(Object.keys(back)).toEqual([])
  })

  it('a value of many parts like one of few, whatever is in it', () => {
    const key = fc.string().filter((text) => text !== '__proto__')
    const anything = fc.anything({ key, withBigInt: true, withDate: true, withMap: true, withSet: true })
    const parts = fc.sample(anything, { numRuns: 2_000, seed: 7 })
    const many = { parts, bytes: Buffer.from('bytes'), at: new Date(0) }
    expect(roundTrip(many)).toEqual(many)
    expect(Buffer.isBuffer(roundTrip(many).bytes)).toBe(true)
    const cycle: { self?: unknown; at: Date } = { at: new Date(0) }
    cycle.self = cycle
    expect(roundTrip(cycle).self).toSatisfy((self) => (self as typeof cycle).self === self)
  })

  it('no more of an object than is its own: a key named __proto__ changes no prototype', () => {
    const tricky: unknown = JSON.parse('{"__proto__": {"admin": true}}')
    expect(() => roundTrip(tricky)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }))
    expect(({} as { admin?: boolean }).admin).toBe(undefined)
  })
})

class Point {
  x = 1
}

describe('the serializer refuses', () => {
  it.each<[string, unknown, string, string]>([
    ['a function', () => 1, '', 'it is a function'],
    ['a class', { a: [Point] }, '.a[0]', 'it is a function'],
    ['a function in a Map', { m: new Map([['k', () => 1]]) }, '.m.get("k")', 'it is a function'],
    ['a symbol in a Set', [new Set([1, Symbol('s')])], '[0][1]', 'it is a symbol'],
    ['a symbol as a property', { a: { [Symbol('s')]: 1 } }, '.a', 'it has a property named by a symbol'],
    ['an instance', new Point(), '', 'it is an instance of Point'],
    [
      'an instance deep inside',
      { a: [{ 'b c': new Point() }] },
      '.a[0]["b c"]',
      'it is an instance of Point',
    ],
    ['an instance without a name', [new (class {})()], '[0]', 'it is an instance of a class without a name'],
    ['an instance as the key of a Map', new Map([[new Point(), 1]]), '[0][0]', 'it is an instance of Point'],
    ['an instance behind such a key', new Map([[{}, new Point()]]), '[0][1]', 'it is an instance of Point'],
    [
      'an instance in an Error',
      new Error('no', { cause: new Point() }),
      '.cause',
      'it is an instance of Point',
    ],
    ['a promise', { p: Promise.resolve() }, '.p', 'it is a promise, which was not awaited'],
    ['a thenable', { p: thenable }, '.p.then', 'it is a function'],
    ['a WeakMap', [new WeakMap()], '[0]', 'it is an instance of WeakMap'],
    ['a stream', { body: new ReadableStream() }, '.body', 'it is an instance of ReadableStream'],
    ['a generator', [sequence()], '[0]', 'it is an instance of a class without a name'],
    ['a class that extends Map', { m: [new Dictionary()] }, '.m[0]', 'it is an instance of Dictionary'],
    ['one that has itself', { m: selfish() }, '.m', 'it is an instance of Dictionary'],
    ['a class that extends Date', [new (class Day extends Date {})()], '[0]', 'it is an instance of Day'],
    [
      'a class that extends URL',
      new Error('no', { cause: new Link('http://a/') }),
      '.cause',
      'it is an instance of Link',
    ],
    ['a key named __proto__', JSON.parse('{"__proto__": 1}'), '', 'it has a property named __proto__'],
    [
      'a getter that throws',
      {
        a: [
          {
            get lazy() {
              throw new Error('not loaded yet')
            },
          },
        ],
      },
      '.a[0].lazy',
      'its getter throws',
    ],
    ['one of an Error', unreadable(), '.lazy', 'its getter throws'],
    ['a proxy of an instance', [new Proxy(new Point(), {})], '[0]', 'it is an instance of Point'],
    ['a proxy that was revoked', { p: revoked() }, '.p', 'it is a proxy that throws'],
    ['bytes that were transferred', { b: detached() }, '.b', 'it is a detached ArrayBuffer'],
    [
      'memory that threads share',
      [new SharedArrayBuffer(1)],
      '[0]',
      'it is an instance of SharedArrayBuffer',
    ],
  ])('%s, and names the place, the reason and what to do', (_, value, path, reason) => {
    expect(refusal(value)).toMatchObject({
      code: 'INVALID_VALUE',
      message: `value${path} cannot be stored: ${reason}; return plain data, or give createRaincheck a \`serializer\``,
    })
  })

  it('what nests deeper than any walk of it can, by the beginning of its path', () => {
    expect(refusal(nested(100_000))).toMatchObject({
      code: 'INVALID_VALUE',
      message: expect.stringMatching(
        /^value(\[0\])+\S* cannot be stored: it nests too deeply; return plain data/,
      ),
    })
  })

  it('the outermost of several', () => {
    const value = { first: { deep: { deeper: new Point() } }, second: [() => 1] }
    expect(refusal(value)).toMatchObject({ message: expect.stringContaining('value.second[0] cannot') })
  })

  it('what is no text of its own making', () => {
    for (const text of ['', '{', 'null and void', '[[5]]'])
      expect(() => defaultSerializer.parse(text)).toThrow()
  })
})

function refusal(value: unknown): unknown {
  try {
    return defaultSerializer.stringify(value)
  } catch (error) {
    return error
  }
}

class Dictionary extends Map {}

class Link extends URL {}

const thenable = Object.fromEntries([['then', () => {}]])

function* sequence(): Generator<number> {
  yield 1
}

function selfish(): Dictionary {
  const map = new Dictionary()
  return map.set('self', map)
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function detached(): ArrayBuffer {
  const bytes = new ArrayBuffer(8)
  structuredClone(bytes, { transfer: [bytes] })
  return bytes
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

function unreadable(): Error {
  return Object.defineProperty(new Error('no'), 'lazy', {
    enumerable: true,
    get: () => {
      throw new Error('not loaded yet')
    },
  })
}
