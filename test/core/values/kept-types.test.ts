import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { defaultSerializer } from '../../../src/core/values/serializer.js'
import { createRaincheck } from '../../../src/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

// The same values each time.
fc.configureGlobal({ seed: 6 })

const roundTrip = (value: unknown) => defaultSerializer.parse(defaultSerializer.stringify(value))

const rich = {
  date: new Date(5),
  map: new Map<unknown, unknown>([['a', new Set([1n])]]),
  buffer: Buffer.from('bytes'),
  floats: new Float64Array([1.5, Number.NaN]),
  nothing: undefined,
  odd: [Number.NaN, -0, Number.POSITIVE_INFINITY],
  error: Object.assign(new TypeError('no', { cause: new Error('deeper') }), { code: 'E1', extra: [1] }),
}

describe('values keep their types', () => {
  it('through text, whatever is nested in what', () => {
    const leaf = fc.oneof(
      fc.date({ noInvalidDate: true }),
      fc.bigInt(),
      fc.uint8Array(),
      fc.float64Array(),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.constant(undefined),
      fc.constant(null),
      fc.boolean(),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value')),
        // Refused, since who reads it back may take it for the prototype.
        fc.dictionary(
          fc.string().filter((name) => name !== '__proto__'),
          tie('value'),
        ),
        fc.array(fc.tuple(fc.string(), tie('value'))).map((entries) => new Map(entries)),
        fc.array(leaf).map((items) => new Set(items)),
      ),
    }))
    fc.assert(
      fc.property(value, (one) => {
        expect(roundTrip(one)).toEqual(one)
      }),
    )
  })

  it('also Buffer, Error with cause and code, NaN, -0 and cycles', () => {
    const back = roundTrip(rich) as typeof rich
    expect(back).toEqual(rich)
    expect(Buffer.isBuffer(back.buffer)).toBe(true)
    expect(Object.is(back.odd[1], -0)).toBe(true)
    expect(back.error).toBeInstanceOf(TypeError)
    expect(back.error.stack).toBe(rich.error.stack)
    expect(back.error.cause).toEqual(new Error('deeper'))
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const turned = roundTrip(cycle) as typeof cycle
    expect(turned.self).toBe(turned)
  })

  it.each(['memory', 'SQLite'])('through a store: %s', async (kind) => {
    const folder = await temporaryFolder()
    const rain = createRaincheck(kind === 'SQLite' ? { store: `sqlite:${join(folder, 'a.db')}` } : {})
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: '10s' })(async () => rich)()
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: rich })
    await rain.close()
  })

  it('a hit from memory is the same object', async () => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m' })(async () => ({ deep: {} }))
    const first = await call()
    expect(await call()).toMatchObject({ ref: first.ref })
    expect(((await call()) as { value: object }).value).toBe((first as { value: object }).value)
    await rain.close()
  })

  it.each([
    ['a function', { list: [() => 1] }, 'value.list[0] cannot be stored: it is a function'],
    [
      'an instance of a class',
      { a: new (class Point {})() },
      'value.a cannot be stored: it is an instance of Point',
    ],
    ['a symbol', { a: { b: Symbol('s') } }, 'value.a.b cannot be stored: it is a symbol'],
  ])('%s goes to who waits in the window; a poll fails with the path', async (_, value, message) => {
    const rain = createRaincheck()
    const told = vi.fn()
    rain.on('store-error', told)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => value)
    const answer = await call()
    expect(answer).toMatchObject({ status: 'complete', value })
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ ref: answer.ref }))
    const polled = await rain.poll(answer.ref)
    expect(polled).toMatchObject({ status: 'failed', retryable: false, error: { code: 'INVALID_VALUE' } })
    expect(polled).toMatchObject({ error: { message: expect.stringContaining(message) } })
    await rain.close()
  })

  it('a serializer of one’s own is used instead', async () => {
    const serializer = { stringify: vi.fn(JSON.stringify), parse: vi.fn(JSON.parse) }
    const rain = createRaincheck({ serializer })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => ({ at: new Date(0) }))()
    expect(await rain.poll(ref)).toMatchObject({ value: { at: '1970-01-01T00:00:00.000Z' } })
    await rain.close()
  })
})
