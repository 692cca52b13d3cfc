import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { held } from '../../support/on-one-file.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

const never = Number.POSITIVE_INFINITY

describe('cancel', () => {
  it('of a waiting task: it never runs', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    await call('running')
    const { ref } = await call('waiting')
    expect(await rain.cancel(ref)).toBe('cancelled')
    expect(await rain.poll(ref)).toMatchObject({ status: 'cancelled', settledAt: expect.any(Number) })
    letGo(1)
    await pass(0)
    expect(runs).toEqual(['running'])
  })

  it('of a running task: aborts its signal, rejects who waits, frees key and slot', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs } = heldFunction()
    const aborted = vi.fn()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })((input: string, task) => {
      task.signal.addEventListener('abort', () => aborted(task.signal.reason))
      return work(input)
    })
    const { ref } = await call('a')
    const waiting = call('a', { asyncTimeout: never }).catch((error: unknown) => error)
    expect(await rain.cancel(ref)).toBe('requested')
    expect(await waiting).toMatchObject({ code: 'CANCELLED' })
    expect(aborted).toHaveBeenCalledWith(expect.objectContaining({ code: 'CANCELLED' }))
    const again = await call('a')
    await pass(0)
    expect(again.ref).not.toBe(ref)
    expect(runs).toEqual(['a', 'a'])
    expect(await rain.cancel(ref)).toBe('already-settled')
  })

  it('of one that rests between attempts ends it', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, fail, runs } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, retries: 3, retryDelay: '1h' })(work)(1)
    fail(new Error('one'))
    await pass(0)
    expect(await rain.cancel(ref)).toBe('cancelled')
    await pass(10 ** 8)
    expect(runs).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a task of another process', () => {
  it('that settles while it is cancelled was too soon for that', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    const owner = held(rainWith({ tasks }))
    const { ref } = await owner.call(1)
    const settling = { ...tasks, revoke: afterwards(owner.letGo, tasks.revoke) }
    const cancelling = rainWith({ tasks: settling }).cancel(ref)
    await pass(0)
    expect(await cancelling).toBe('already-settled')
  })
})

/** The same operation, after something else has happened and its consequences. */
function afterwards<A extends unknown[], R>(
  happen: (value: string) => void,
  operation: (...args: A) => Promise<R>,
) {
  return async (...args: A) => {
    happen('done')
    await new Promise((resolve) => setTimeout(resolve, 0))
    return operation(...args)
  }
}
