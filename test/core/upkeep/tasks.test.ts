import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

const never = Number.POSITIVE_INFINITY

describe('R14: cancel', () => {
  it('of a waiting task: it never runs', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    await call('running')
    const { ref } = await call('waiting')
    expect(await rain.cancel(ref)).toBe('cancelled')
    expect(await rain.poll(ref)).toMatchObject({ status: 'cancelled', settledAt: expect.any(Number) })
    letGo(1)
    await pass(0)
    expect(runs).toEqual(['running'])
  })

  it('of a running task: aborts its signal, rejects who waits, frees key and slot', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs } = heldFunction()
    const aborted = vi.fn()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })((input: string, task) => {
      task.signal.addEventListener('abort', () => aborted(task.signal.reason))
      return work(input)
    })
    const { ref } = await call('a')
    const waiting = call('a', { asyncTimeout: never }).catch((error: unknown) => error)
    expect(await rain.cancel(ref)).toBe('requested')
    expect(await waiting).toMatchObject({ code: 'CANCELLED' })
    expect(aborted).toHaveBeenCalledWith(expect.objectContaining({ code: 'CANCELLED' }))
    const again = await call('a')
    await pass(0)
    expect(again.ref).not.toBe(ref)
    expect(runs).toEqual(['a', 'a'])
    expect(await rain.cancel(ref)).toBe('already-settled')
  })

  it('of one that rests between attempts ends it', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, fail, runs } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, retries: 3, retryDelay: '1h' })(work)(1)
    fail(new Error('one'))
    await pass(0)
    expect(await rain.cancel(ref)).toBe('cancelled')
    await pass(10 ** 8)
    expect(runs).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('R15: retry', () => {
  it('gives the answer of a new task for the same input', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, runs, fail, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)({ when: new Date(5) })
    fail(new Error('no'))
    await pass(0)
    const again = await rain.retry(ref)
    expect(again.ref).not.toBe(ref)
    expect(again.status).toMatch(/pending|processing/)
    expect((await rain.retry(ref)).ref).toBe(again.ref)
    letGo('yes')
    await pass(0)
    expect(await rain.poll(again.ref)).toMatchObject({ status: 'complete', value: 'yes' })
    expect(await rain.poll(ref)).toMatchObject({ status: 'failed' })
    expect(await rain.retry(again.ref)).toMatchObject({ status: 'complete', ref: again.ref })
    expect(runs).toEqual([{ when: new Date(5) }, { when: new Date(5) }])
  })
})

describe('R16: progress', () => {
  it('derives percentage and ETA from what the function tells, and goes out with the end', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    let tell: ((current: number) => void) | undefined
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })((input: number, task) => {
      tell = (current) =>
        task.progress({ current, total: 12, message: `page ${current} of 12`, step: 'pages' })
      return work(input)
    })
    const { ref } = await call(1)
    const told = vi.fn()
    rain.on('progress', told)
    await pass(3_000)
    tell?.(3)
    expect(await rain.poll(ref)).toMatchObject({
      progress: {
        current: 3,
        total: 12,
        percentage: 25,
        etaMs: 9_000,
        message: 'page 3 of 12',
        step: 'pages',
      },
    })
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ ref, progress: expect.objectContaining({ percentage: 25 }) }),
    )
    letGo('x')
    await pass(0)
    tell?.(4)
    expect(told).toHaveBeenCalledOnce()
  })
})

describe('R17: limits', () => {
  it('perScope keeps one scope from taking every slot', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 3, perScope: 2 })
    const { work, runs } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    for (const n of [1, 2, 3]) await call(`a${n}`, { scope: 'a' })
    await call('b1', { scope: 'b' })
    await pass(0)
    expect(runs).toEqual(['a1', 'a2', 'b1'])
  })

  it('rateLimit caps the starts in any span', async () => {
    useFakeTime()
    const rain = createRaincheck({ rateLimit: { starts: 2, per: '1s' } })
    const work = vi.fn(async (n: number) => n)
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    for (let n = 0; n < 5; n++) await call(n)
    await pass(999)
    expect(work).toHaveBeenCalledTimes(2)
    await pass(1)
    expect(work).toHaveBeenCalledTimes(4)
    await pass(1_000)
    expect(work).toHaveBeenCalledTimes(5)
  })

  it('the queue can be paused, looked at and reordered', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const order: string[] = []
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (name: string) => void order.push(name))
    rain.queue.pause()
    await call('a')
    const { ref } = await call('b')
    expect(rain.queue.stats()).toEqual({ waiting: 2, running: 0, abandoned: 0, paused: true })
    rain.queue.setPriority(ref, 1)
    rain.queue.resume()
    await pass(0)
    expect(order).toEqual(['b', 'a'])
  })
})

describe('list, forget and prune', () => {
  it('list shows the tasks of the scope without their values, newest first, in pages', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', title: (n: number) => `number ${n}` })(
      async (n) => n,
    )
    for (let n = 0; n < 5; n++) {
      await call(n)
      await pass(1)
    }
    await call(9, { scope: 'other' })
    const first = await rain.list({ limit: 3 })
    const second = await rain.list({ limit: 3, ...(first.cursor ? { cursor: first.cursor } : {}) })
    expect(first.tasks.map(({ title }) => title)).toEqual(['number 4', 'number 3', 'number 2'])
    expect(second.tasks.map(({ title }) => title)).toEqual(['number 1', 'number 0'])
    expect(second.cursor).toBeUndefined()
    expect(first.tasks[0]).not.toHaveProperty('value')
    expect((await rain.list({ status: 'failed' })).tasks).toEqual([])
    expect((await rain.scope('other').list()).tasks).toHaveLength(1)
  })

  it('forget makes ref and value unknown, and cancels a live task first', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const quick = vi.fn(async () => 1)
    const cached = rain.cached({ name: 'quick', asyncTimeout: '1s', ttl: '1h' })(quick)
    const { ref } = await cached()
    await rain.forget(ref)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    await cached()
    expect(quick).toHaveBeenCalledTimes(2)
    const live = await rain.cached({ name: 'slow', asyncTimeout: 0 })(heldFunction().work)(1)
    await rain.forget(live.ref)
    await expect(rain.poll(live.ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('prune removes what settled longer ago than asked, and tells how many', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    const { ref } = await call(1)
    await pass(60_000)
    const kept = await call(2)
    expect(await rain.prune()).toBe(0)
    expect(await rain.prune({ olderThan: '30s' })).toBe(1)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(await rain.poll(kept.ref)).toMatchObject({ value: 2 })
  })

  it('no more than maxEntries settled tasks are kept in memory', async () => {
    const rain = createRaincheck({ maxEntries: 10 })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    for (let n = 0; n < 600; n++) await call(n)
    expect((await rain.list({ limit: 1_000 })).tasks.length).toBeLessThan(10 + 256)
    await rain.close()
  })
})
