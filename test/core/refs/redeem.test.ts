import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

async function handedOff(options: object = {}) {
  useFakeTime()
  const rain = createRaincheck()
  const { work, ...held } = heldFunction()
  const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, ...options })(work)(1)
  await pass(0)
  return { rain, ref, ...held }
}

describe('R8: a poll that waits', () => {
  it('resolves when the task fails, with the failure, and does not reject', async () => {
    const { rain, ref, fail } = await handedOff()
    const polled = vi.fn()
    void rain.poll(ref, { wait: '1h' }).then(polled)
    await pass(1_000)
    fail(Object.assign(new Error('no'), { code: 'E1' }))
    await pass(0)
    expect(polled).toHaveBeenCalledWith(
      expect.objectContaining({
        status: 'failed',
        error: expect.objectContaining({ name: 'Error', message: 'no', code: 'E1' }),
      }),
    )
  })

  it('resolves when the task is cancelled', async () => {
    const { rain, ref } = await handedOff()
    const polled = vi.fn()
    void rain.poll(ref, { wait: '1h' }).then(polled)
    await pass(1_000)
    await rain.cancel(ref)
    await pass(0)
    expect(polled).toHaveBeenCalledWith(expect.objectContaining({ status: 'cancelled', ref }))
  })

  it('goes on waiting while the task rests between attempts', async () => {
    const { rain, ref, fail, letGo } = await handedOff({ retries: 1, retryDelay: '10s' })
    const polled = vi.fn()
    void rain.poll(ref, { wait: '1h' }).then(polled)
    fail(new Error('first'))
    await pass(5_000)
    expect(polled).not.toHaveBeenCalled()
    expect((await rain.poll(ref)).status).toBe('pending')
    await pass(20_000)
    letGo('second')
    await pass(0)
    expect(polled).toHaveBeenCalledWith(expect.objectContaining({ status: 'complete', value: 'second' }))
  })

  it('has its own clock beside any number of others, and all agree in the end', async () => {
    const { rain, ref, letGo } = await handedOff()
    const statuses: string[] = []
    for (const wait of ['1s', '2s', '1h', '1h', 'Infinity'])
      void rain
        .poll(ref, { wait: wait === 'Infinity' ? Number.POSITIVE_INFINITY : (wait as '1s') })
        .then((answer) => statuses.push(`${wait} ${answer.status}`))
    await pass(2_000)
    expect(statuses).toEqual(['1s processing', '2s processing'])
    letGo('x')
    await pass(0)
    expect(statuses.slice(2).sort()).toEqual(['1h complete', '1h complete', 'Infinity complete'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('of a task that has settled resolves at once', async () => {
    const { rain, ref, letGo } = await handedOff()
    letGo('x')
    await pass(0)
    const polled = vi.fn()
    void rain.poll(ref, { wait: '1h' }).then(polled)
    await pass(0)
    expect(polled).toHaveBeenCalledWith(expect.objectContaining({ value: 'x' }))
  })
})

describe('R14: the signal of a poll', () => {
  it('ends the waiting at once with its reason, and the task goes on', async () => {
    const { rain, ref, letGo } = await handedOff()
    const controller = new AbortController()
    const polled = expect(rain.poll(ref, { wait: '1h', signal: controller.signal })).rejects.toThrow('enough')
    await pass(1_000)
    controller.abort(new Error('enough'))
    await polled
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    letGo('done')
    expect(await rain.poll(ref, { wait: '1s' })).toMatchObject({ value: 'done' })
  })

  it('ends the waiting for another process’s task too', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    const { ref } = await rainWith({ tasks }).cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1)
    await pass(0)
    const controller = new AbortController()
    const { signal } = controller
    const polled = expect(rainWith({ tasks }).poll(ref, { wait: '1h', signal })).rejects.toThrow('enough')
    await pass(10_000)
    controller.abort(new Error('enough'))
    await polled
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('R23: is listened to no longer than the poll takes', async () => {
    const { rain, ref, letGo } = await handedOff()
    const { signal } = new AbortController()
    const polled = rain.poll(ref, { wait: '1h', signal })
    letGo('done')
    await polled
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await expect(rain.poll(ref, { signal: 'stop' as never })).rejects.toThrow(/signal must be an AbortSignal/)
    await expect(rain.poll(ref, { signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow('late')
  })
})

describe('R11: retention', () => {
  it.each(['fails', 'is cancelled'])('of a task that %s starts when it settles', async (how) => {
    const { rain, ref, fail } = await handedOff()
    await pass(30 * 86_400_000)
    if (how === 'fails') fail(new Error('no'))
    else await rain.cancel(ref)
    await pass(86_400_000 - 1)
    expect((await rain.poll(ref)).status).toBe(how === 'fails' ? 'failed' : 'cancelled')
    await pass(2)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('R9: a retry of what has expired is as unknown as a poll of it', async () => {
    const { rain, ref, fail } = await handedOff()
    fail(new Error('no'))
    await pass(86_400_001)
    for (const method of ['retry', 'cancel', 'forget'] as const)
      await expect(rain[method](ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('of Infinity keeps a ref for ever, as ttl of Infinity does a key', async () => {
    useFakeTime()
    const rain = createRaincheck({ retention: Number.POSITIVE_INFINITY })
    const work = vi.fn(async () => 'kept')
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: Number.POSITIVE_INFINITY })(work)
    const { ref } = await call()
    await pass(100 * 365 * 86_400_000)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'kept' })
    expect(await call()).toMatchObject({ ref, value: 'kept' })
    expect(work).toHaveBeenCalledOnce()
  })
})

describe('R15: retry', () => {
  it('of a task whose input cannot be stored is refused, and says what to do', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, key: () => 'key' })(
      async (_: { callback: () => void }) => Promise.reject(new Error('no')),
    )
    const { ref } = await call({ callback: () => {} })
    await pass(1_000)
    await expect(rain.retry(ref)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/could not be stored.* make the call again/),
    })
  })
})
