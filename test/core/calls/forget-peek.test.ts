import { Keyv } from 'keyv'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../../src/index.js'
import { shared, sharedTasks } from '../../support/failing-tasks.js'
import { processes } from '../../support/on-one-file.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

const complete = (value: unknown) => expect.objectContaining({ status: 'complete', value })

describe('forget of an input', () => {
  it.each(['memory', 'a shared store'])('makes the next call compute anew, on %s', async (kind) => {
    useFakeTime()
    const rain = kind === 'memory' ? createRaincheck() : rainWith({ tasks: shared() })
    const work = vi.fn(async (n: number) => ({ n, run: work.mock.calls.length }))
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(work)
    const { ref } = await call(1)
    await call(2)
    await call.forget(1)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(await call(1)).toEqual(complete({ n: 1, run: 3 }))
    expect(await call(2)).toEqual(complete({ n: 2, run: 2 }))
  })

  it.each(['memory', 'a shared store'])(
    'lets a live task run on, whose value answers nobody but its ref, on %s',
    async (kind) => {
      useFakeTime()
      const rain = kind === 'memory' ? createRaincheck() : rainWith({ tasks: shared() })
      const { work, runs, letGo } = heldFunction<number>()
      const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1h' })(work)
      const before = await call(1)
      await call.forget(1)
      expect(await call.peek(1)).toBeUndefined()
      const after = await call(1)
      expect([runs.length, after.ref === before.ref]).toEqual([2, false])
      letGo('old')
      await pass(0)
      expect(await rain.poll(before.ref)).toEqual(complete('old'))
      expect(await call.peek(1)).toMatchObject({ ref: after.ref, status: 'processing' })
      letGo('new')
      await pass(0)
      expect(await call(1)).toEqual(complete('new'))
    },
  )

  it('holds also for a value that another call is reading', async () => {
    useFakeTime()
    const [tasks, values$] = [shared(), new Keyv()]
    const options = { name: 'f', asyncTimeout: '1s', ttl: '1h' } as const
    await rainWith({ tasks, values$ }).cached(options)(async () => 'old')()
    const get = values$.get.bind(values$) as (key: string) => Promise<unknown>
    values$.get = (async (key: string) => {
      const text = await get(key)
      await new Promise((resolve) => setTimeout(resolve, 100))
      return text
    }) as typeof values$.get
    const call = rainWith({ tasks, values$ }).cached(options)(async () => 'new')
    const reading = call()
    await pass(50)
    await call.forget()
    await pass(100)
    expect(await reading).toEqual(complete('old'))
    expect(await call.peek()).toBeUndefined()
    expect(await call()).toEqual(complete('new'))
  })

  it('forgets a task whose record is on its way', async () => {
    useFakeTime()
    const tasks = shared()
    const { start } = tasks
    tasks.start = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return start(...args)
    }
    const rain = rainWith({ tasks })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => 1)
    const answer = call()
    const forgotten = call.forget()
    await pass(200)
    await forgotten
    expect(await answer).toEqual(complete(1))
    expect(await call.peek()).toBeUndefined()
  })

  it('holds for a task that could not be recorded until later', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const mend = fail('start')
    const rain = rainWith({ tasks })
    const { work, letGo } = heldFunction<void>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1h' })(work)
    const answer = call()
    await pass(0)
    await call.forget()
    mend()
    await pass(1_000)
    letGo('old')
    await pass(0)
    expect(await rain.poll((await answer).ref)).toEqual(complete('old'))
    expect(await call.peek()).toBeUndefined()
  })

  it('also forgets a cached error', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async () => {
      throw new Error('no')
    })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', errorTtl: '1h' })(work)
    for (let calls = 0; calls < 2; calls++) await expect(call()).rejects.toThrow('no')
    expect(work).toHaveBeenCalledTimes(1)
    expect(await call.peek()).toMatchObject({ status: 'failed', error: { message: 'no' } })
    await call.forget()
    await expect(call()).rejects.toThrow('no')
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('goes through schema, check and key, and keeps to its scope', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async ({ id }: { id: number }) => id)
    const options = {
      name: 'f',
      asyncTimeout: '1s',
      ttl: '1h',
      input: z.object({ id: z.coerce.number() }),
    } as const
    const check = ({ id }: { id: number }) => {
      if (id < 0) throw new Error('below zero')
    }
    const call = rain.cached({ ...options, check, key: ({ id }) => id % 10 })(work)
    await call({ id: 1 }, { scope: 'a' })
    await call.forget({ id: 11 })
    expect(await call.peek({ id: '21' }, { scope: 'a' })).toEqual(complete(1))
    await call.forget({ id: 11 }, { scope: 'a' })
    expect(await call.peek({ id: 1 }, { scope: 'a' })).toBeUndefined()
    await expect(call.forget({ id: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(call.peek({ id: -1 })).rejects.toThrow('below zero')
    await expect(call.peek({ id: 1 }, { refresh: true } as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: "there is no option 'refresh'; known are scope",
    })
    await rain.close()
    await expect(call.peek({ id: 1 })).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(call.forget({ id: 1 })).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

describe('peek', () => {
  it('gives what a call would be answered from, and starts nothing', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, runs, letGo } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1m' })(work)
    expect(await call.peek(1)).toBeUndefined()
    expect(runs).toEqual([])
    const { ref } = await call(1)
    expect(await call.peek(1)).toMatchObject({ status: 'processing', ref })
    letGo('value')
    await pass(0)
    expect(await call.peek(1)).toMatchObject({ status: 'complete', value: 'value', ref })
    await pass(60_000)
    expect(await call.peek(1)).toBeUndefined()
    expect(runs).toEqual([1])
  })

  it('gives no ref that nobody could redeem', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    fail('start')
    const rain = rainWith({ tasks })
    const call = rain.cached({ name: 'f', asyncTimeout: '1h' })(heldFunction<void>().work)
    call().catch(() => {})
    await pass(0)
    expect(await call.peek()).toBeUndefined()
  })

  it('leaves a task that nobody holds to whoever takes it over', async () => {
    useFakeTime()
    const tasks = shared()
    const [one, other] = [rainWith({ tasks, place: '/a.js' }), rainWith({ tasks, place: '/a.js' })]
    const { ref } = await one.cached({ name: 'f', asyncTimeout: 0 })(heldFunction<void>().work)()
    const closed = one.close({ drain: 0 })
    await pass(0)
    await closed
    const { work, runs } = heldFunction<void>()
    const call = other.cached({ name: 'f', asyncTimeout: 0 })(work)
    expect(await call.peek()).toMatchObject({ status: 'pending', ref })
    expect(runs).toEqual([])
  })
})

describe('forget in another process', () => {
  it('reaches a live task there: nobody joins it, and its value answers no key', async () => {
    const open = await processes()
    const [here, there] = [open(), open()]
    const { work, runs, letGo } = heldFunction<number>()
    const options = { name: 'f', asyncTimeout: 0, ttl: '1h' } as const
    const call = here.cached(options)(work)
    const other = there.cached(options)(async () => 'of the other')
    const { ref } = await call(1)
    await vi.waitFor(async () => expect(await other.peek(1)).toMatchObject({ ref }))
    await other.forget(1)
    expect(await other.peek(1)).toBeUndefined()
    // Seen here within a second: then a call does not join it.
    await vi.waitFor(async () => expect((await call(1)).ref).not.toBe(ref), { timeout: 5_000 })
    expect(runs).toHaveLength(2)
    letGo('old')
    await vi.waitFor(async () => expect(await there.poll(ref)).toEqual(complete('old')))
    letGo('new')
    await vi.waitFor(async () => expect(await other.peek(1)).toEqual(complete('new')))
  })

  it('is seen in memory after memoryTtl', async () => {
    useFakeTime()
    const tasks = shared()
    const [one, other] = [rainWith({ tasks, memoryTtl: 2_000 }), rainWith({ tasks })]
    onTestFinished(() => one.close())
    let runs = 0
    const options = { name: 'f', asyncTimeout: '1s', ttl: '1h' } as const
    const call = one.cached(options)(async () => ++runs)
    await call()
    await other
      .cached(options)(async () => 0)
      .forget()
    await pass(1_999)
    expect(await call()).toEqual(complete(1))
    await pass(1)
    expect(await call()).toEqual(complete(2))
  })
})
