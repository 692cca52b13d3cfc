import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { inProcess } from '../../../src/backends/in-process/in-process.js'
import { createRaincheck, type RaincheckOptions } from '../../../src/index.js'
import { down, shared } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

const busy = expect.objectContaining({
  code: 'BUSY',
  message:
    'f was not called: 2 tasks wait in this process, which is its maxWaiting; make the call again later',
})

/** Calls with inputs 0, 1, …, each handed off at once, and which of them were refused. */
async function crowd(call: (n: number) => Promise<unknown>, count: number, from = 0): Promise<string[]> {
  const calls = Array.from({ length: count }, (_, at) => call(from + at))
  const settled = await Promise.allSettled(calls)
  return settled.map((one) => (one.status === 'fulfilled' ? 'taken' : one.reason.code))
}

function opened(options: RaincheckOptions) {
  useFakeTime()
  const rain = createRaincheck({ concurrency: 1, maxWaiting: 2, ...options })
  const { work, ...held } = heldFunction<number>()
  return { rain, call: rain.cached({ name: 'f', asyncTimeout: 0 })(work), ...held }
}

const taken = (count: number) => Array<string>(count).fill('taken')

describe('maxWaiting', () => {
  it.each(['at once', 'one after the other'])(
    'of calls %s as many are taken as have a slot or may wait',
    async (how) => {
      const { call, rain, letGo } = opened({})
      if (how === 'at once') expect(await crowd(call, 5)).toEqual([...taken(3), 'BUSY', 'BUSY'])
      else {
        for (let n = 0; n < 3; n++) await call(n)
        await expect(call(3)).rejects.toEqual(busy)
      }
      expect((await rain.list()).tasks).toHaveLength(3)
      expect(rain.queue.stats()).toMatchObject({ running: 1, waiting: 2 })
      letGo(0)
      await pass(0)
      expect(await crowd(call, 2, 10)).toEqual(['taken', 'BUSY'])
    },
  )

  it('0 refuses what has no slot', async () => {
    const { call } = opened({ maxWaiting: 0, concurrency: 2 })
    expect(await crowd(call, 3)).toEqual([...taken(2), 'BUSY'])
  })

  it('counts what waits for its scope, for a rate limit, or for the end of a pause', async () => {
    const { call } = opened({ concurrency: 4, perScope: 1 })
    expect(await crowd(call, 4)).toEqual([...taken(3), 'BUSY'])
    expect(await call(9, { scope: 'another' })).toBeDefined()
    const rated = opened({ concurrency: 4, rateLimit: { starts: 1, per: '1s' } })
    for (const n of [0, 1, 2]) await rated.call(n)
    await expect(rated.call(3)).rejects.toEqual(busy)
    const paused = opened({})
    paused.rain.queue.pause()
    expect(await crowd(paused.call, 3)).toEqual([...taken(2), 'BUSY'])
  })

  it('refuses no call that joins, or has its value', async () => {
    const { call, letGo } = opened({})
    const early = createRaincheck({ concurrency: 1, maxWaiting: 0 })
    const cached = early.cached({ name: 'g', asyncTimeout: 0, ttl: '1h' })(async (n: number) => n)
    await cached(1)
    await pass(0)
    await early.cached({ name: 'long', asyncTimeout: 0 })(heldFunction<void>().work)()
    expect(await cached(1)).toMatchObject({ status: 'complete', value: 1 })
    await expect(cached(2)).rejects.toMatchObject({ code: 'BUSY' })
    await crowd(call, 3)
    expect(await crowd(call, 3)).toEqual(taken(3))
    letGo(0)
  })

  it('refuses no call that joins a task of another process, or has its value from there', async () => {
    useFakeTime()
    const tasks = shared()
    const [other, rain] = [rainWith({ tasks }), rainWith({ tasks, maxWaiting: 0 })]
    const options = { asyncTimeout: 0, ttl: '1h' } as const
    const { work } = heldFunction<number>()
    const [there, here] = [other, rain].map((one) => one.cached({ ...options, name: 'f' })(work))
    const long = rain.cached({ ...options, name: 'long' })(work)
    for (let n = 0; n < 4; n++) await long(n)
    const { ref } = (await there?.(1)) ?? {}
    expect(await here?.(1)).toMatchObject({ ref })
    expect(await here?.(1, { refresh: true })).toMatchObject({ ref })
    await expect(here?.(2)).rejects.toMatchObject({ code: 'BUSY' })
    expect((await rain.list()).tasks).toHaveLength(5)
  })

  it('refuses what a store that hangs or is away cannot tell', async () => {
    useFakeTime()
    const tasks = shared()
    const rain = rainWith({ tasks, maxWaiting: 0 })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(heldFunction<number>().work)
    for (let n = 0; n < 4; n++) await call(n, { asyncTimeout: 0 })
    for (const standing of [() => new Promise<never>(() => {}), down]) {
      tasks.standing = standing
      const refused = expect(call(9)).rejects.toMatchObject({ code: 'BUSY' })
      await pass(5_000)
      await refused
    }
  })

  it('refuses neither the next attempt of a task nor a take-over', async () => {
    useFakeTime()
    const tasks = shared()
    const [one, other] = [
      rainWith({ tasks, place: '/a.js' }),
      rainWith({ tasks, place: '/a.js', maxWaiting: 0 }),
    ]
    const options = { name: 'f', asyncTimeout: 0, retries: 1, retryDelay: 100 } as const
    const refs: string[] = []
    const first = one.cached(options)(heldFunction<number>().work)
    for (let n = 0; n < 6; n++) refs.push((await first(n)).ref)
    const closed = one.close({ drain: 0 })
    await pass(0)
    await closed
    const work = vi.fn(async (n: number, { attempt }: { attempt: number }) => {
      if (attempt === 1) throw new Error('once')
      return n
    })
    other.cached(options)(work)
    expect(await other.recover()).toHaveLength(6)
    await pass(1_000)
    for (const ref of refs) expect(await other.poll(ref)).toMatchObject({ status: 'complete' })
  })

  it('lets a nested call have the slot of its caller, and rejects one that would wait', async () => {
    const rain = createRaincheck({ concurrency: 1, maxWaiting: 0 })
    onTestFinished(() => rain.close())
    const inner = rain.cached({ name: 'inner', asyncTimeout: '5s' })(async (n: number) => n)
    const outer = rain.cached({ name: 'outer', asyncTimeout: '5s' })(async (count: number) => {
      const calls = Array.from({ length: count }, (_, n) => inner.value(n))
      return (await Promise.allSettled(calls)).map(({ status }) => status)
    })
    expect(await outer.value(1)).toEqual(['fulfilled'])
    expect(await outer.value(2)).toEqual(['fulfilled', 'rejected'])
  })

  it.each([-1, 1.5, 'many', Number.NaN])('%s is refused', (maxWaiting) => {
    expect(() => createRaincheck({ maxWaiting: maxWaiting as number })).toThrow(
      /^maxWaiting must be a whole number of 0 or more, got/,
    )
  })

  it('holds for a backend that tells no room: all count that have not started', async () => {
    const { room: _, ...backend } = inProcess({ concurrency: 4 })
    useFakeTime()
    const rain = rainWith({ tasks: shared(), backend, maxWaiting: 2 })
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction<number>().work)
    expect(await crowd(call, 4)).toEqual([...taken(2), 'BUSY', 'BUSY'])
    expect(await crowd(call, 2, 10)).toEqual(taken(2))
    expect(rain.queue.stats()).toMatchObject({ running: 4 })
  })
})
