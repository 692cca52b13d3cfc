import { describe, expect, it, vi } from 'vitest'
import type { TaskHandle } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

const down = async () => Promise.reject(new Error('down'))

/** A raincheck of its own on a store, of which some operations fail until they are mended. */
function rainOn(store: ReturnType<typeof slowable>, failing: object = {}) {
  const tasks = { ...store, ...failing }
  const rain = rainWith({ tasks, config: '/home/me/raincheck.config.js' })
  const errors: unknown[] = []
  rain.on('store-error', ({ error }) => errors.push(error))
  const { work, ...held } = heldFunction<number>()
  const call = rain.cached({ name: 'f', asyncTimeout: 0, timeout: '10m', ttl: '1h' })(work)
  return { rain, errors, call, ...held, mend: () => Object.assign(tasks, store) }
}

/** As processes share it. */
const shared = () => ({ ...slowable(memoryTaskStore()), shared: true })

const choose = (_: string, task: TaskHandle) => task.ask('colour', 'Which?')
const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })

describe('R18: a store that is away when a task asks', () => {
  it('has the request once it is back; who waits is told then', async () => {
    useFakeTime()
    const { rain, errors, mend } = rainOn(shared(), { ask: down })
    const answered = vi.fn()
    void rain.cached({ name: 'choose', asyncTimeout: '1s' })(choose)('x').then(answered)
    await pass(600)
    expect(errors).toEqual([unavailable, unavailable])
    mend()
    await pass(10_000)
    expect(answered).toHaveBeenCalledWith(
      expect.objectContaining({ status: 'pending', requests: { colour: 'Which?' } }),
    )
  })

  it('does not hold up a close', async () => {
    useFakeTime()
    const { rain } = rainOn(shared(), { ask: down })
    await rain.cached({ name: 'choose', asyncTimeout: 0 })(choose)('x')
    await pass(600)
    const closed = vi.fn()
    void rain.close({ drain: 0 }).then(closed)
    await pass(0)
    expect(closed).toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('R3: waits with it for the task that another process has begun for its key meanwhile', async () => {
    useFakeTime()
    const store = shared()
    const first = rainOn(store, { start: down })
    const options = { name: 'choose', asyncTimeout: '1s' } as const
    const answered = vi.fn()
    const work = vi.fn(async (_: string, task: TaskHandle) => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      return task.ask('colour', 'Which?')
    })
    void first.rain.cached(options)(work)('x').then(answered)
    await pass(100)
    const second = rainOn(store)
    const { work: other, letGo } = heldFunction()
    const { ref } = await second.rain.cached({ ...options, asyncTimeout: 0 })(other)('x')
    first.mend()
    await pass(5_000)
    expect(answered).not.toHaveBeenCalled()
    letGo('red')
    await pass(10_000)
    expect(await second.rain.poll(ref)).toMatchObject({ value: 'red' })
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ requests: { colour: 'Which?' } }))
    expect(work).toHaveBeenCalledOnce()
  })
})

describe('R18: a store that is away when a task ends', () => {
  it('R21: costs a close nothing but the leaving: others take the task when the lease has run out', async () => {
    useFakeTime()
    const { rain, call, errors } = rainOn(shared(), { leave: down })
    const waiting = call(1, { asyncTimeout: '1h' })
    await pass(0)
    const closing = rain.close({ drain: 0 })
    await pass(0)
    await closing
    expect(await waiting).toMatchObject({ status: 'pending' })
    expect(errors).toEqual([unavailable])
  })

  it('does not keep its end from a list of the process that ran it', async () => {
    useFakeTime()
    const { rain, call, fail } = rainOn(shared(), { settle: down })
    const { ref } = await call(1)
    await pass(0)
    fail(new Error('no'))
    await pass(0)
    expect(await rain.list()).toMatchObject({ tasks: [{ ref, status: 'failed', error: { message: 'no' } }] })
  })

  it('R10: gets the end that came first, though a close came before it was back', async () => {
    useFakeTime()
    const store = shared()
    const { rain, call, mend } = rainOn(store, { settle: down })
    const { ref } = await call(1)
    await pass(600_000)
    const closing = rain.close({ drain: '1m' })
    mend()
    await pass(60_000)
    await closing
    expect(await rainOn(store).rain.poll(ref)).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT' } })
  })

  it('and when tasks that have expired are to be removed, costs the calls nothing', async () => {
    const { rain, errors } = rainOn(shared(), { sweep: down })
    const square = rain.cached({ name: 'square', asyncTimeout: '10s' })(async (n: number) => n * n)
    for (let n = 0; n < 300; n++) expect(await square(n)).toMatchObject({ value: n * n })
    await vi.waitFor(() => expect(errors).toEqual([unavailable]))
    await rain.close()
  })
})

describe('R7: a store that takes no record and says nothing', () => {
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
