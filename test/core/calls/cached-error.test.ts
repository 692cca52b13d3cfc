import { Keyv } from 'keyv'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck, type RaincheckOptions } from '../../../src/index.js'
import { down, shared } from '../../support/failing-tasks.js'
import { processes } from '../../support/on-one-file.js'
import { pass, rainWith, useFakeTime } from '../../support/rain.js'

class NotFound extends Error {
  override readonly name = 'NotFound'
  readonly status = 404
  readonly response = { headers: { authorization: 'secret' } }
}

/** A function that fails as long as it is told to, cached in one or two processes on the same stores. */
function failing(options: object = {}) {
  const state = { fails: true, runs: 0, error: new NotFound('no such page') as unknown }
  const wrap = (rain: ReturnType<typeof createRaincheck>) =>
    rain.cached({ name: 'f', asyncTimeout: '1s', errorTtl: '1m', ...options })(async (_: number) => {
      const run = ++state.runs
      if (state.fails) throw state.error
      return `value ${run}`
    })
  return { state, wrap }
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it did not reject'),
    (error: unknown) => error,
  )

function twoProcesses() {
  const stores = { tasks: shared(), values$: new Keyv() }
  return [rainWith(stores), rainWith(stores)] as const
}

function open(kind: string) {
  const options: Record<string, RaincheckOptions> = { memory: {}, 'a Keyv': { store: new Keyv() } }
  const rain = options[kind] ? createRaincheck(options[kind]) : rainWith({ tasks: shared() })
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

const kinds = ['memory', 'a Keyv', 'a shared store']

describe('a cached error', () => {
  it.each(kinds)('is the one that was thrown, as long as errorTtl, on %s', async (kind) => {
    useFakeTime()
    const { state, wrap } = failing()
    const call = wrap(open(kind))
    for (const ms of [0, 1_000, 10_000, 30_000]) {
      await pass(ms)
      expect(await rejection(call(1))).toBe(state.error)
    }
    expect(state.runs).toBe(1)
    await pass(60_000)
    expect(await rejection(call(1))).toBe(state.error)
    expect(state.runs).toBe(2)
  })

  it.each([['a text'], ['undefined', undefined]])('may be %s, too', async (_, thrown: unknown = 'text') => {
    const { state, wrap } = failing()
    state.error = thrown
    const call = wrap(open('memory'))
    for (const run of [1, 1]) {
      await call(1).then(
        () => expect.fail('it did not reject'),
        (error) => expect(error).toBe(thrown),
      )
      expect(state.runs).toBe(run)
    }
  })

  it('is data in another process and in every poll: no objects are in it', async () => {
    useFakeTime()
    const [one, other] = twoProcesses()
    const { state, wrap } = failing()
    await rejection(wrap(one)(1))
    const elsewhere = (await rejection(wrap(other)(1))) as Error
    expect(elsewhere).not.toBeInstanceOf(NotFound)
    expect(elsewhere).toMatchObject({ name: 'NotFound', message: 'no such page', status: 404 })
    expect(elsewhere).not.toHaveProperty('response')
    expect(state.runs).toBe(1)
    for (const rain of [one, other]) {
      const [{ ref } = { ref: '' }] = (await rain.list()).tasks
      const answer = await rain.poll(ref as never)
      const error = { name: 'NotFound', message: 'no such page', properties: { status: 404 } }
      expect(answer).toMatchObject({ status: 'failed', error: { ...error, attempts: [{ error }] } })
      expect(JSON.stringify(answer)).not.toContain('secret')
    }
  })

  it('is answered from memory without a look at the store, and tells a hit', async () => {
    useFakeTime()
    const tasks = shared()
    const rain = rainWith({ tasks })
    const { wrap } = failing()
    const call = wrap(rain)
    const hits = vi.fn()
    rain.on('hit', hits)
    await rejection(call(1))
    const start = vi.spyOn(tasks, 'start')
    await rejection(call(1))
    expect(start).not.toHaveBeenCalled()
    expect(hits).toHaveBeenCalledTimes(1)
    await pass(5_000)
    await rejection(call(1))
    expect(start).toHaveBeenCalledTimes(1)
    expect(hits).toHaveBeenCalledTimes(2)
  })

  it('is passed over by refresh', async () => {
    const { state, wrap } = failing()
    const call = wrap(open('memory'))
    await rejection(call(1))
    state.fails = false
    expect(await call(1, { refresh: true })).toMatchObject({ value: 'value 2' })
  })

  it.each(kinds)('that was pruned is not answered any more, on %s', async (kind) => {
    useFakeTime()
    const rain = open(kind)
    const { state, wrap } = failing()
    const call = wrap(rain)
    await rejection(call(1))
    await pass(10)
    expect(await rain.prune({ olderThan: 0 })).toBe(1)
    await rejection(call(1))
    expect(state.runs).toBe(2)
  })

  it.each(kinds)('that was forgotten is not answered any more, on %s', async (kind) => {
    useFakeTime()
    const rain = open(kind)
    const { state, wrap } = failing()
    const call = wrap(rain)
    await rejection(call(1))
    const [{ ref } = { ref: '' }] = (await rain.list()).tasks
    await rain.forget(ref as never)
    await rejection(call(1))
    expect(state.runs).toBe(2)
  })

  it('that another process removed is answered for at most memoryTtl', async () => {
    useFakeTime()
    const [one, other] = twoProcesses()
    const { state, wrap } = failing()
    const call = wrap(one)
    await rejection(call(1))
    await pass(10)
    await other.prune({ olderThan: 0 })
    await pass(4_980)
    await rejection(call(1))
    expect(state.runs).toBe(1)
    await pass(20)
    await rejection(call(1))
    expect(state.runs).toBe(2)
  })

  it('leaves memory when maxEntries others have come after it; then it is data here, too', async () => {
    const rain = createRaincheck({ maxEntries: 2, store: new Keyv() })
    onTestFinished(() => rain.close())
    const { state, wrap } = failing()
    const call = wrap(rain)
    for (const n of [1, 2, 3]) await rejection(call(n))
    expect(await rejection(call(3))).toBe(state.error)
    const error = await rejection(call(1))
    expect(error).not.toBe(state.error)
    expect(error).toMatchObject({ name: 'NotFound', status: 404 })
    expect(state.runs).toBe(3)
  })
})

describe('under grace', () => {
  it.each(kinds)('an old value goes before an error that is cached, on %s', async (kind) => {
    useFakeTime()
    const { state, wrap } = failing({ ttl: '10s', grace: '1h' })
    const call = wrap(open(kind))
    state.fails = false
    expect(await call(1)).toMatchObject({ value: 'value 1' })
    state.fails = true
    await pass(10_000)
    for (const ms of [0, 0, 1_000, 10_000, 30_000]) {
      await pass(ms)
      expect(await call(1)).toMatchObject({ status: 'complete', value: 'value 1', stale: true })
      expect(state.runs).toBe(2)
    }
    // The error is not cached any more: the function is tried again, and the old value stands in again.
    await pass(30_000)
    expect(await call(1)).toMatchObject({ value: 'value 1', stale: true })
    expect(state.runs).toBe(3)
    await pass(3_600_000)
    expect(await rejection(call(1))).toBe(state.error)
    expect(await rejection(call(1))).toBe(state.error)
    expect(state.runs).toBe(4)
  })

  it('it does so in a process that neither ran nor saw any of it', async () => {
    useFakeTime()
    const [one, other] = twoProcesses()
    const { state, wrap } = failing({ ttl: '10s', grace: '1h' })
    const [here, there] = [wrap(one), wrap(other)]
    state.fails = false
    await here(1)
    state.fails = true
    await pass(10_000)
    await here(1)
    const stale = { status: 'complete', value: 'value 1', stale: true }
    for (const ms of [0, 1_000, 10_000]) {
      await pass(ms)
      expect(await there(1)).toMatchObject(stale)
      expect(await there.value(1)).toBe('value 1')
      expect(await here(1)).toMatchObject(stale)
    }
    expect(state.runs).toBe(2)
  })

  it('a store that does not give the old value in time costs the caller no more than its window', async () => {
    useFakeTime()
    const tasks = shared()
    const rain = rainWith({ tasks })
    const { state, wrap } = failing({ ttl: '10s', grace: '1h' })
    const call = wrap(rain)
    state.fails = false
    await call(1)
    state.fails = true
    await pass(10_000)
    await call(1)
    tasks.latest = () => new Promise(() => {})
    const ended = vi.fn()
    call(1).catch(ended)
    await pass(1_049)
    expect(ended).not.toHaveBeenCalled()
    await pass(1)
    expect(ended).toHaveBeenCalledWith(state.error)
    tasks.latest = down
    expect(await rejection(call(1))).toBe(state.error)
  })
})

describe('on one SQLite file', () => {
  it('another process gets the error as data, and an old value before it', async () => {
    const open = await processes()
    const [one, other] = [open(), open()]
    const { state, wrap } = failing()
    expect(await rejection(wrap(one)(1))).toBe(state.error)
    const elsewhere = await rejection(wrap(other)(1))
    expect(elsewhere).toMatchObject({ name: 'NotFound', message: 'no such page', status: 404 })
    expect(state.runs).toBe(1)

    const graced = failing({ name: 'g', ttl: 1, grace: '1h', errorTtl: '1h' })
    const [here, there] = [graced.wrap(one), graced.wrap(other)]
    graced.state.fails = false
    const { settledAt } = (await here(1)) as { settledAt: number }
    graced.state.fails = true
    await vi.waitUntil(() => Date.now() > settledAt + 1)
    for (const call of [here, there, here, there])
      expect(await call(1)).toMatchObject({ status: 'complete', value: 'value 1', stale: true })
    expect(graced.state.runs).toBe(2)
  })
})
