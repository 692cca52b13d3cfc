import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

/** A raincheck on a shared store that says what the test wants of revoked tasks. */
function open() {
  useFakeTime()
  const memory = memoryTaskStore()
  const revoked: string[] = []
  const tasks = { ...slowable(memory), shared: true, revoked: async () => revoked }
  const renew = vi.spyOn(tasks, 'renew')
  const rain = rainWith({ tasks, place: '/raincheck.config.js' })
  const { work, letGo } = heldFunction<number>()
  const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
  const takenElsewhere = async (ref: string) => {
    Object.assign((await memory.get(ref)) ?? {}, { term: 2, owner: 'other' })
    revoked.push(ref)
  }
  return { memory, tasks, rain, call, letGo, revoked, renew, takenElsewhere }
}

describe('a process that learns of a task by `revoked`', () => {
  it('goes on with one that it still holds: it may have taken that back', async () => {
    const { rain, call, letGo, revoked } = open()
    const { ref } = await call(1)
    revoked.push(ref)
    await pass(5_000)
    expect(await rain.poll(ref)).toMatchObject({ status: 'processing' })
    letGo('value')
    await pass(0)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'value' })
  })

  it('keeps its lease for others when that one settles while the store is asked', async () => {
    const { tasks, rain, call, letGo, renew, takenElsewhere } = open()
    const { ref } = await call(1)
    const other = await call(2)
    const { get, settle } = tasks
    tasks.get = (...args) => new Promise((resolve) => setTimeout(() => resolve(get(...args)), 200))
    tasks.settle = (...args) => new Promise((resolve) => setTimeout(() => resolve(settle(...args)), 300))
    await takenElsewhere(ref)
    await pass(550)
    letGo('its own')
    await pass(2_000)
    Object.assign(tasks, { get, settle })
    expect(await rain.poll(other.ref)).toMatchObject({ status: 'processing' })
    renew.mockClear()
    await pass(60_000)
    expect(renew.mock.calls.length).toBeGreaterThan(10)
  })

  it('fails one as interrupted that somebody has forgotten', async () => {
    const { memory, rain, revoked } = open()
    const failed = vi.fn()
    rain.on('fail', ({ error }) => failed(error.code))
    const { work } = heldFunction()
    const waits = rain
      .cached({ name: 'g', asyncTimeout: '1m' })(work)(1)
      .catch((error: unknown) => error)
    await pass(0)
    const { ref = '' } = (await rain.list()).tasks[0] ?? {}
    const end = { status: 'cancelled', settledAt: 1, freshUntil: 1, expiresAt: 1 } as const
    const nothing = { startedAt: undefined, progress: undefined, input: undefined }
    const noFailure = { error: undefined, attempts: undefined, retryable: undefined }
    await memory.settle(ref, 1, { ...end, ...nothing, ...noFailure })
    await memory.remove(ref)
    revoked.push(ref)
    await pass(1_000)
    expect(await waits).toMatchObject({ code: 'INTERRUPTED' })
    expect(failed.mock.calls).toEqual([['INTERRUPTED']])
  })
})

describe('cancel', () => {
  it('of a task that another process has taken over unnoticed cancels it there', async () => {
    const { memory, rain, call, takenElsewhere } = open()
    const { ref } = await call(1)
    await takenElsewhere(ref)
    expect(await rain.cancel(ref)).toBe('cancelled')
    expect(await memory.get(ref)).toMatchObject({ status: 'cancelled', term: 2 })
  })

  it.each([0, 1, 2, 3, 4, 5])('that comes %i microtasks around an ask cancels the task', async (ticks) => {
    useFakeTime()
    const rain = rainWith({ tasks: { ...slowable(memoryTaskStore()), shared: true } })
    const { work, letGo } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (n: number, task) => {
      await work(n)
      return task.ask('key', 'Which?')
    })
    const { ref } = await call(1)
    letGo('on')
    for (let tick = 0; tick < ticks; tick++) await null
    const cancelled = rain.cancel(ref)
    await pass(1_000)
    expect(await cancelled).not.toBe('already-settled')
    expect(await rain.poll(ref)).toMatchObject({ status: 'cancelled' })
  })

  it('that comes with a close cancels a task that the close leaves to others', async () => {
    useFakeTime()
    const tasks = { ...slowable(memoryTaskStore()), shared: true }
    const values$ = new Keyv()
    const rain = rainWith({ tasks, values$, place: '/raincheck.config.js' })
    const { work } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const refs = await Promise.all([1, 2, 3, 4, 5].map(async (n) => (await call(n)).ref))
    const waiting = refs[4] ?? ''
    const cancelled = rain.cancel(waiting)
    const closed = rain.close({ drain: 500 })
    await pass(10_000)
    expect(await cancelled).toBe('cancelled')
    await closed
    expect(await tasks.get(waiting)).toMatchObject({ status: 'cancelled' })
  })

  it('ends a task whose second attempt waits for a slot, as its first one did', async () => {
    useFakeTime()
    const rain = rainWith()
    const { work, letGo } = heldFunction<number>()
    const hold = rain.cached({ name: 'hold', asyncTimeout: 0 })(work)
    for (let n = 0; n < 4; n++) await hold(n)
    const call = rain.cached({ name: 'f', asyncTimeout: 0, retries: 3, retryDelay: 10 })(async () => {
      throw new Error('no')
    })
    const { ref } = await call()
    await hold(4)
    letGo('a slot')
    await pass(200)
    expect(await rain.poll(ref)).toMatchObject({ status: 'pending' })
    expect(await rain.cancel(ref)).toBe('cancelled')
    expect(rain.queue.stats()).toMatchObject({ running: 4, waiting: 0 })
  })
})
