import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../src/index.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../support/rain.js'

const hour = '1h' as const

/** Each runs one operation to its end. */
const operations: Record<string, (rain: Rain) => Promise<unknown>> = {
  'a call that completes in its window': (rain) =>
    rain.cached({ name: 'f', asyncTimeout: hour })(async () => 1)(),
  'a call with every clock': (rain) =>
    rain.cached({
      ...{ name: 'f', asyncTimeout: hour, timeout: '2h', ttl: hour, errorTtl: hour, grace: hour, retries: 3 },
    })(async () => 1)(),
  'a call that fails': (rain) =>
    rain
      .cached({ name: 'f', asyncTimeout: hour, timeout: hour })(async () => Promise.reject(new Error('no')))()
      .catch(ignore),
  'a call whose attempts all fail': async (rain) => {
    const options = { name: 'f', asyncTimeout: hour, retries: 2, retryDelay: '1s' } as const
    const call = rain
      .cached(options)(async () => Promise.reject(new Error('no')))()
      .catch(ignore)
    await pass(60_000)
    await call
  },
  'a call that its signal ends, and its work': async (rain) => {
    const { work, letGo } = heldFunction()
    const controller = new AbortController()
    const options = { signal: controller.signal }
    const left = rain.cached({ name: 'f', asyncTimeout: hour })(work)(1, options).catch(ignore)
    await pass(10)
    controller.abort()
    await left
    letGo(1)
    await pass(0)
  },
  'a timeout of work that never ends': async (rain) => {
    const call = rain.cached({ name: 'f', asyncTimeout: hour, timeout: '1s' })(heldFunction().work)(1)
    const caught = call.catch(ignore)
    await pass(1_000)
    await caught
  },
  'a cancel': async (rain) => {
    const call = rain.cached({ name: 'f', asyncTimeout: 0, timeout: hour, retries: 1 })(heldFunction().work)
    const { ref } = await call(1)
    const polled = rain.poll(ref, { wait: hour })
    await pass(10)
    await rain.cancel(ref)
    await polled
  },
  'a poll that ran out of time, and the work after it': async (rain) => {
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, timeout: hour })(work)(1)
    const polled = rain.poll(ref, { wait: '1s' })
    await pass(1_000)
    await polled
    letGo(1)
    await pass(0)
  },
  'a poll of an unknown ref': (rain) => rain.poll(`rc_${'0'.repeat(22)}`, { wait: hour }).catch(ignore),
  'progress that is told often': (rain) =>
    rain.cached({ name: 'f', asyncTimeout: hour })(async (_: unknown, task) => {
      for (let current = 0; current < 100; current++) task.progress({ current, total: 100 })
    })(),
  'retry, forget, list and prune': async (rain) => {
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (_: number) =>
      Promise.reject(new Error('no')),
    )
    const { ref } = await call(1)
    await pass(10)
    await rain.retry(ref).catch(ignore)
    await pass(10)
    await rain.list()
    await rain.forget(ref)
    await rain.prune({ olderThan: 0 })
  },
}

type Rain = ReturnType<typeof createRaincheck>

const ignore = () => {}

describe('no timer is left', () => {
  it.each(Object.entries(operations))('by %s', async (_, operate) => {
    useFakeTime()
    const rain = createRaincheck()
    await operate(rain)
    await pass(0)
    expect(vi.getTimerCount()).toBe(0)
    await rain.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(Object.entries(operations))('by %s, on a store whose calls have deadlines', async (_, operate) => {
    useFakeTime()
    const rain = rainWith({ tasks: slowable(memoryTaskStore()) })
    await operate(rain)
    await pass(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('by a raincheck that is never used', () => {
    useFakeTime()
    createRaincheck().cached({ name: 'f', asyncTimeout: hour })(async () => 1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('timers', () => {
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
