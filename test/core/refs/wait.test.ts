import { getEventListeners } from 'node:events'
import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { sharedTasks } from '../../support/failing-tasks.js'
import { held, processes } from '../../support/on-one-file.js'
import { handedOff, heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

describe('a poll that waits', () => {
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

describe('the signal of a poll', () => {
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

  it('is listened to no longer than the poll takes', async () => {
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

describe('a look at the store that fails', () => {
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
})

describe('a task of another process', () => {
  it('is waited for no longer than until a close', async () => {
    const open = await processes()
    const [one, other] = [open(), open()]
    const { ref } = await held(one).call(1)
    const waiting = expect(other.poll(ref, { wait: '1h' })).rejects.toMatchObject({ code: 'CLOSED' })
    await other.close()
    await waiting
  })
})
