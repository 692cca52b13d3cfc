import { describe, expect, it, vi } from 'vitest'
import type { TaskStore } from '../../../src/core/words/task-store.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { rainOn, shared, sharedTasks } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

function broken(): { tasks: TaskStore; mend(): void } {
  const tasks = slowable(memoryTaskStore())
  const { start } = tasks
  tasks.start = async () => Promise.reject(new Error('down'))
  return {
    tasks,
    mend: () => {
      tasks.start = start
    },
  }
}

describe('a task store that cannot take the record', () => {
  it('costs a quick call nothing', async () => {
    useFakeTime()
    const { tasks } = broken()
    const rain = rainWith({ tasks })
    const told = vi.fn()
    rain.on('store-error', told)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => 'computed')
    expect(await call()).toMatchObject({ status: 'complete', value: 'computed' })
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ error: expect.objectContaining({ code: 'STORE_UNAVAILABLE' }) }),
    )
  })

  it('lets a caller wait past its window, until the value is there', async () => {
    useFakeTime()
    const { work, letGo } = heldFunction()
    const call = rainWith(broken()).cached({ name: 'f', asyncTimeout: '1s' })(work)
    const answered = vi.fn()
    void call(1).then(answered)
    await pass(20_000)
    expect(answered).not.toHaveBeenCalled()
    letGo('late')
    await pass(0)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ status: 'complete', value: 'late' }))
  })

  it('lets it wait until the record stands, and hands off then', async () => {
    useFakeTime()
    const { tasks, mend } = broken()
    const rain = rainWith({ tasks })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(heldFunction().work)
    const answered = vi.fn()
    void call(1).then(answered)
    await pass(10_000)
    mend()
    await pass(6_000)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ status: 'processing' }))
    const [handedOff] = answered.mock.lastCall ?? []
    expect((await rain.poll(handedOff.ref)).status).toBe('processing')
  })

  it.each([
    [{}, 30_000],
    [{ timeout: '5s' } as const, 5_000],
  ])('rejects the caller with STORE_UNAVAILABLE in the end: %o', async (options, ms) => {
    useFakeTime()
    const call = rainWith(broken()).cached({ name: 'f', asyncTimeout: '1s', ...options })(heldFunction().work)
    const caught = vi.fn()
    call(1).catch(caught)
    await pass(1_000 + ms - 1_001)
    expect(caught).not.toHaveBeenCalled()
    await pass(1_001)
    expect(caught).toHaveBeenCalledWith(
      expect.objectContaining({ code: expect.stringMatching(/STORE_UNAVAILABLE|TIMEOUT/) }),
    )
  })

  it('that hangs is given up on after its deadline, and the function runs', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    tasks.start = () => new Promise(() => {})
    const call = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: '1m' })(async () => 'computed')
    const answered = vi.fn()
    void call().then(answered)
    await pass(4_999)
    expect(answered).not.toHaveBeenCalled()
    await pass(10_000)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ value: 'computed' }))
  })

  it('a start that ran past its deadline and landed all the same is found again', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    const { start } = tasks
    let slow = true
    tasks.start = async (...args) => {
      const standing = await start(...args)
      if (slow) await new Promise((resolve) => setTimeout(resolve, 6_000))
      slow = false
      return standing
    }
    const { work, runs } = heldFunction()
    const rain = rainWith({ tasks })
    const answered = vi.fn()
    void rain.cached({ name: 'f', asyncTimeout: '1s' })(work)(1).then(answered)
    await pass(15_000)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ status: 'processing' }))
    expect(runs).toHaveLength(1)
    expect(await rain.list()).toMatchObject({ tasks: [{ ref: answered.mock.calls[0]?.[0].ref }] })
  })
})

describe('a store that takes no record and says nothing', () => {
  it('is told to a caller when the function’s `timeout` has passed, without a reason', async () => {
    useFakeTime()
    const { rain } = rainOn(shared(), { start: () => new Promise(() => {}) })
    const call = rain.cached({ name: 'f2', asyncTimeout: 0, timeout: '2s' })(heldFunction().work)
    const caught = vi.fn()
    call(1).catch(caught)
    await pass(1_999)
    expect(caught).not.toHaveBeenCalled()
    await pass(1)
    expect(caught).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/^f2 is not done, .* no ref can be given; check the store, then/),
      }),
    )
  })
})

describe('a task that began while the store was away', () => {
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
