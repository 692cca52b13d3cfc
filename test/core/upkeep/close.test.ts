import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { down, rainOn, shared, sharedTasks } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })

describe('close', () => {
  it('refuses what comes after it', async () => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => 1)
    const { ref } = await call()
    await rain.close()
    await expect(call()).rejects.toMatchObject({ code: 'CLOSED' })
    for (const method of ['poll', 'cancel', 'retry', 'forget'] as const)
      await expect(rain[method](ref)).rejects.toMatchObject({ code: 'CLOSED' })
    for (const method of ['list', 'recover', 'prune', 'unheld'] as const)
      await expect(rain[method]()).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(rain.giveUp(ref, 'gone')).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('waits for running work for as long as it is told', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const answer = rain.cached({ name: 'f', asyncTimeout: '1h' })(work)(1)
    await pass(0)
    const closed = vi.fn()
    void rain.close({ drain: '10s' }).then(closed)
    await pass(9_999)
    expect(closed).not.toHaveBeenCalled()
    letGo('in time')
    await pass(0)
    expect(closed).toHaveBeenCalled()
    expect(await answer).toMatchObject({ value: 'in time' })
  })

  it('interrupts what takes longer, and tells the function by its signal', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const signals: AbortSignal[] = []
    const call = rain.cached({ name: 'f', asyncTimeout: '1h' })((_: number, task) => {
      signals.push(task.signal)
      return new Promise(() => {})
    })
    const running = call(1).catch((error: unknown) => error)
    const waiting = call(2).catch((error: unknown) => error)
    await pass(0)
    const closing = rain.close({ drain: '1s' })
    await pass(1_000)
    expect(await running).toMatchObject({ code: 'INTERRUPTED' })
    expect(await waiting).toMatchObject({ code: 'INTERRUPTED' })
    await closing
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('may be called twice', async () => {
    const rain = createRaincheck()
    await Promise.all([rain.close(), rain.close()])
  })
})

describe('close, in the middle of something,', () => {
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

describe('a store that is away when a task ends', () => {
  it('costs a close nothing but the leaving: others take the task when the lease has run out', async () => {
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
})
