import { describe, expect, it, vi } from 'vitest'
import type { TaskHandle } from '../../../src/index.js'
import { down, rainOn, shared } from '../../support/failing-tasks.js'
import { openAsking, wrapOrder } from '../../support/orders.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

const choose = (_: string, task: TaskHandle) => task.ask('colour', 'Which?')

const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })

describe('a task that asks, on a store that outlives its process', () => {
  it('goes on in another process, which only polls, after the one that asked has gone', async () => {
    const { rain, another } = await openAsking('sqlite')
    const { ref } = await wrapOrder(rain)('shirt')
    await rain.close()
    const second = another()
    wrapOrder(second)
    expect(await second.poll(ref)).toMatchObject({ status: 'pending', requests: { colour: {} } })
    await second.answer(ref, { colour: 'red' })
    expect(await second.poll(ref, { wait: '20s' })).toMatchObject({ requests: { size: {} } })
    await second.close()
    const third = another()
    wrapOrder(third)
    await third.answer(ref, { size: 1 })
    expect(await third.poll(ref, { wait: '20s' })).toMatchObject({ value: 'shirt: red, 1' })
  })

  it('is left alone by processes that do not know its function, while it waits', async () => {
    const { rain, another } = await openAsking('sqlite')
    const { ref } = await wrapOrder(rain)('shirt')
    await rain.close()
    const stranger = another()
    expect(await stranger.poll(ref)).toMatchObject({ requests: { colour: {} } })
    expect(await stranger.unheld()).toEqual([])
    expect(await stranger.recover()).toEqual([])
    const second = another()
    wrapOrder(second)
    await second.answer(ref, { colour: 'red' })
    expect(await second.poll(ref, { wait: '20s' })).toMatchObject({ requests: { size: {} } })
  })

  it('takes no answer where nobody knows its function, and goes on waiting for it', async () => {
    const { rain, another } = await openAsking('sqlite')
    const { ref } = await wrapOrder(rain)('shirt')
    await expect(another().answer(ref, { colour: 'red' })).rejects.toMatchObject({
      code: 'FUNCTION_NOT_REGISTERED',
      message: 'order (version 1, app asks) is not wrapped in this process; answer where it is',
    })
    await rain.answer(ref, { colour: 'red' })
    expect(await rain.poll(ref, { wait: '20s' })).toMatchObject({ requests: { size: {} } })
  })
})

describe('a store that is away when a task asks', () => {
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

  it('waits with it for the task that another process has begun for its key meanwhile', async () => {
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

it('a caller of a task that asks gets its ref once the record stands, though the question cannot be stored yet', async () => {
  useFakeTime()
  const store = shared()
  const { rain, mend } = rainOn(store, { start: down, ask: down })
  const call = rain.cached({ name: 'asks', asyncTimeout: '1s' })(async (_: string, task) => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return task.ask('colour', 'Which?')
  })
  const answer = call('x').catch((error: unknown) => error)
  await pass(2_000)
  mend()
  // Only the question is refused from here on.
  const { ask } = store
  store.ask = down as never
  await pass(6_000)
  expect(await answer).toMatchObject({ status: 'pending', requests: { colour: 'Which?' } })
  store.ask = ask
  await rain.close({ drain: 0 })
})
