import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { TaskStore } from '../../../src/core/words/task-store.js'
import { createRaincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

/** Task records that other processes see, in a store that can be made to fail. */
function sharedTasks(): { tasks: TaskStore; fail: (operation: keyof TaskStore) => () => void } {
  const tasks: TaskStore = { ...slowable(memoryTaskStore()), shared: true }
  const fail = (operation: keyof TaskStore) => {
    const whole: unknown = tasks[operation]
    Reflect.set(tasks, operation, () => Promise.reject(new Error('down')))
    return () => void Reflect.set(tasks, operation, whole)
  }
  return { tasks, fail }
}

describe('R11: a value that cannot be stored', () => {
  it.each([{}, { refresh: true }])('is not the answer of later calls, with ttl 0: %o', async (options) => {
    useFakeTime()
    const values = new Keyv()
    values.set = () => Promise.reject(new Error('down'))
    let runs = 0
    const call = createRaincheck({ store: values }).cached({ name: 'f', asyncTimeout: '1s' })(
      async (_: number) => ++runs,
    )
    expect(await call(1)).toMatchObject({ value: 1 })
    await pass(3_600_000)
    expect(await call(1, options)).toMatchObject({ value: 2 })
  })
})

describe('R11: of two values that could not be stored', () => {
  it('the newer one counts, whichever is stored first', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const mend = fail('start')
    let runs = 0
    const rain = rainWith({ tasks })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1d' })(async (_: number) => ++runs)
    expect(await call(1)).toMatchObject({ value: 1 })
    await pass(20_000)
    expect(await call(1, { refresh: true })).toMatchObject({ value: 2 })
    mend()
    await pass(120_000)
    expect(await call(1)).toMatchObject({ value: 2 })
  })
})

describe('R7: a task that began while the store was away', () => {
  it('is recorded once the store is back, although an older value of its key is fresh', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const { work, letGo } = heldFunction()
    const call = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: '1s', ttl: '1d' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    await first
    const mend = fail('start')
    const answered = vi.fn()
    call(1, { refresh: true }).then(answered, answered)
    await pass(0)
    mend()
    await pass(60_000)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ status: 'processing' }))
  })

  it('gives way to the one that stands for its key, and never runs, if it still waits for a slot', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const { work, runs, letGo } = heldFunction<number>()
    const rain = rainWith({ tasks })
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const elsewhere = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: 0 })(work)
    rain.queue.pause()
    const mend = fail('start')
    const waiting = call(1)
    await pass(0)
    mend()
    const { ref } = await elsewhere(1)
    await pass(10_000)
    expect((await waiting).ref).toBe(ref)
    letGo('value')
    await pass(0)
    rain.queue.resume()
    await pass(1_000)
    expect(runs).toEqual([1])
  })
})

describe('R18: a look at the store that fails', () => {
  it('does not end a poll that may wait', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const { work, letGo } = heldFunction()
    const values = new Keyv()
    const { ref } = await rainWith({ tasks, values$: values }).cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    const polled = vi.fn()
    rainWith({ tasks, values$: values }).poll(ref, { wait: '25s' }).then(polled, polled)
    await pass(1_000)
    const mend = fail('get')
    await pass(1_000)
    mend()
    letGo('value')
    await pass(1_000)
    expect(polled).toHaveBeenCalledWith(expect.objectContaining({ value: 'value' }))
  })

  it('does not end a call whose task another process runs', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const { work, letGo } = heldFunction()
    const values = new Keyv()
    const options = { name: 'f', asyncTimeout: '25s' } as const
    void rainWith({ tasks, values$: values }).cached(options)(work)(1)
    await pass(0)
    const called = vi.fn()
    rainWith({ tasks, values$: values }).cached(options)(work)(1).then(called, called)
    await pass(1_000)
    const mend = fail('get')
    await pass(1_000)
    mend()
    letGo('value')
    await pass(1_000)
    expect(called).toHaveBeenCalledWith(expect.objectContaining({ value: 'value' }))
  })

  it('does not end a retry of a task that runs here', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1)
    fail('get')
    expect(await rain.retry(ref)).toMatchObject({ ref, status: 'processing' })
  })
})

describe('R16: progress', () => {
  it('does not pile up at a store that hangs, to hold up the value', async () => {
    useFakeTime()
    const { tasks } = sharedTasks()
    const { work, letGo } = heldFunction()
    const wrapped = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: '1d' })((input: number, task) => {
      const timer = setInterval(() => task.progress({ message: 'more' }), 100)
      return work(input).finally(() => clearInterval(timer))
    })
    const answered = vi.fn()
    void wrapped(1).then(answered)
    await pass(0)
    tasks.update = () => new Promise(() => {})
    tasks.settle = () => new Promise(() => {})
    await pass(60_000)
    letGo('value')
    await pass(30_000)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ value: 'value' }))
  })
})

describe('R23: close', () => {
  it('while a record is on its way starts no function, and leaves no timer', async () => {
    useFakeTime()
    const { tasks } = sharedTasks()
    const { start } = tasks
    tasks.start = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return start(...args)
    }
    const rain = rainWith({ tasks })
    const work = vi.fn(() => new Promise(() => {}))
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', timeout: '1h' })(work)(1)
    const caught = vi.fn()
    call.catch(caught)
    await pass(50)
    const closing = rain.close({ drain: 0 })
    await pass(100)
    await closing
    expect(caught).toHaveBeenCalledWith(expect.objectContaining({ code: 'INTERRUPTED' }))
    expect(work).not.toHaveBeenCalled()
    await pass(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends what is still to be written of a task that never had a record', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const mend = fail('start')
    const renew = vi.spyOn(tasks, 'renew')
    const rain = rainWith({ tasks })
    await expect(
      rain.cached({ name: 'f', asyncTimeout: '1s' })(() => Promise.reject(new Error('its own')))(),
    ).rejects.toThrow('its own')
    await pass(10_000)
    mend()
    await rain.close()
    renew.mockClear()
    expect(vi.getTimerCount()).toBe(0)
    await pass(1_000)
    expect(renew, 'nothing is written after the close').not.toHaveBeenCalled()
  })
})

describe('equal calls of one moment', () => {
  it('do not share what was answered before the task changed', async () => {
    useFakeTime()
    const { work, fail } = heldFunction()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, retries: 1 })(work)
    const { ref } = await call(1)
    expect(await call(1)).toMatchObject({ status: 'processing' })
    fail(new Error('once'))
    await pass(0)
    expect(await rain.poll(ref)).toMatchObject({ status: 'pending' })
    expect(await call(1)).toMatchObject({ status: 'pending' })
  })
})

describe('R15: a retry', () => {
  it('takes the parsed input, and does not parse it again', async () => {
    const rain = createRaincheck()
    const input = z.string().transform((text) => text.length)
    const work = vi.fn((_: number) => Promise.reject(new Error('its own')))
    const call = rain.cached({ name: 'f', asyncTimeout: 0, input })(work)
    const { ref } = await call('four')
    await rain.poll(ref, { wait: '5s' })
    const again = await rain.retry(ref)
    expect((await rain.poll(again.ref, { wait: '5s' })).status).toBe('failed')
    expect(work.mock.calls.map(([given]) => given)).toEqual([4, 4])
  })

  it('of a task whose failure could not be stored yet takes its input from memory', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks })
    const { work, runs, fail: failWork } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const { ref } = await call(1)
    const mend = fail('settle')
    failWork(new Error('its own'))
    await pass(100)
    const retried = rain.retry(ref)
    mend()
    await pass(10_000)
    expect(await retried).toMatchObject({ status: 'processing' })
    expect(runs).toEqual([1, 1])
  })
})

describe('R18: a store that stays away', () => {
  it('is told after 30 s to whoever follows the task of another process', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const values = new Keyv()
    const options = { name: 'f', asyncTimeout: '1h' } as const
    void rainWith({ tasks, values$: values }).cached(options)(heldFunction().work)(1)
    await pass(0)
    const rejected = vi.fn()
    rainWith({ tasks, values$: values }).cached(options)(heldFunction().work)(1).catch(rejected)
    await pass(1_000)
    fail('get')
    await pass(29_000)
    expect(rejected).not.toHaveBeenCalled()
    await pass(2_000)
    expect(rejected).toHaveBeenCalledWith(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }))
  })
})

describe('a list', () => {
  it('shows what a task of this process came to although that is not stored yet', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks })
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    fail('settle')
    letGo('value')
    await pass(100)
    expect((await rain.list()).tasks).toEqual([expect.objectContaining({ ref, status: 'complete' })])
    expect((await rain.list({ status: 'processing' })).tasks).toEqual([])
  })
})
