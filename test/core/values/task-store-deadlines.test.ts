import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { withDeadlines } from '../../../src/core/values/task-store-deadlines.js'
import { deferred } from '../../../src/core/words/deferred.js'
import { newRef } from '../../../src/core/words/ref.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'

/** As much as a driver may take to load on a busy machine, and more than any call of a store has. */
const LONG_MS = 25_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a store that takes long to open', () => {
  it('costs the first calls their wait, and no error', async () => {
    const open = vi.fn(() => new Promise((resolve) => setTimeout(resolve, LONG_MS)))
    const store = withDeadlines(memoryTaskStore(), open)
    const both = Promise.all([store.get(newRef()), store.unheld()])
    await vi.advanceTimersByTimeAsync(LONG_MS)
    expect(await both).toEqual([undefined, []])
    expect(await store.unheld()).toEqual([])
    expect(open).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves each call its own deadline, from when it is open', async () => {
    const tasks = Object.assign(memoryTaskStore(), { unheld: () => new Promise<never>(() => {}) })
    const store = withDeadlines(tasks, () => new Promise((resolve) => setTimeout(resolve, LONG_MS)))
    const told = vi.fn()
    store.unheld().catch(told)
    await vi.advanceTimersByTimeAsync(LONG_MS + 4_999)
    expect(told).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: 'the store could not look for tasks that nobody runs: no answer within 5000 ms',
      }),
    )
  })

  it('is unavailable after 30 s, until it is open', async () => {
    const { promise, resolve } = deferred<void>()
    const store = withDeadlines(memoryTaskStore(), () => promise)
    const told = vi.fn()
    store.unheld().catch(told)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({
        code: 'STORE_UNAVAILABLE',
        message: 'the store could not be opened: no answer within 30000 ms',
      }),
    )
    resolve()
    expect(await store.unheld()).toEqual([])
  })
})

describe('a store that cannot be opened', () => {
  it('says why to each call of that time, and is tried again by the next', async () => {
    const open = vi.fn(async () => {}).mockRejectedValueOnce(new Error('no such driver'))
    const store = withDeadlines(memoryTaskStore(), open)
    const [one, other] = await Promise.allSettled([store.unheld(), store.get(newRef())])
    for (const { reason } of [one, other] as PromiseRejectedResult[])
      expect(reason.message).toBe('the store could not be opened: no such driver')
    expect(await store.unheld()).toEqual([])
    expect(open).toHaveBeenCalledTimes(2)
  })
})
