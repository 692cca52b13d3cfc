import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

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

describe('R23: timers', () => {
  it('end with what they were for', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h', timeout: '2h', ttl: '1h', retries: 2 })(work)
    const answer = call(1)
    await pass(0)
    letGo('x')
    const { ref } = await answer
    await call(1)
    await rain.poll(ref, { wait: '1h' })
    expect(vi.getTimerCount()).toBe(0)
    await rain.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a span longer than a timer can be is none at all', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const answered = vi.fn()
    void rain.cached({ name: 'f', asyncTimeout: '30d', timeout: '60d' })(work)(1).then(answered)
    await pass(1_000)
    expect(answered).not.toHaveBeenCalled()
    letGo('x')
    await pass(0)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ value: 'x' }))
  })
})
