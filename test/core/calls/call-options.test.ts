import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createRaincheck, type Progress } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('refresh', () => {
  it('passes over a stored value, and its own value is the one that is stored then', async () => {
    const rain = createRaincheck()
    let runs = 0
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => ++runs)
    expect(await call.value()).toBe(1)
    expect(await call.value()).toBe(1)
    expect(await call.value(undefined, { refresh: true })).toBe(2)
    expect(await call.value()).toBe(2)
    await rain.close()
  })

  it('joins a run that is under way, which counts as fresh', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, runs, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h' })(work)
    const answers = Promise.all([call(1), call(1, { refresh: true })])
    await pass(10)
    letGo('x')
    const [first, second] = await answers
    expect(second.ref).toBe(first.ref)
    expect(runs).toHaveLength(1)
  })

  it('that fails leaves the stored value to later calls', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async () => 'good')
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(work)
    await call()
    work.mockRejectedValueOnce(new Error('no luck'))
    await expect(call(undefined, { refresh: true })).rejects.toThrow('no luck')
    expect(await call.value()).toBe('good')
    expect(work).toHaveBeenCalledTimes(2)
    await rain.close()
  })
})

describe('asyncTimeout of a call', () => {
  it('takes the place of the function’s, shorter or longer', async () => {
    useFakeTime()
    const { work } = heldFunction()
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '5s' })(work)
    const answered = vi.fn()
    void call(1, { asyncTimeout: '2s' }).then(() => answered('shorter'))
    void call(1).then(() => answered('its own'))
    void call(1, { asyncTimeout: '9s' }).then(() => answered('longer'))
    await pass(1_999)
    expect(answered).not.toHaveBeenCalled()
    for (const [ms, who] of [
      [1, 'shorter'],
      [3_000, 'its own'],
      [4_000, 'longer'],
    ] as const) {
      await pass(ms)
      expect(answered).toHaveBeenLastCalledWith(who)
    }
    expect(answered).toHaveBeenCalledTimes(3)
  })
})

describe('onProgress', () => {
  it('tells each caller how far its own task is, for as long as that caller waits', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: '10s' })((n: number, task) => {
      for (const current of [1, 2, 3]) setTimeout(() => task.progress({ current, total: n }), current * 1_000)
      return work(n)
    })
    const told: [who: string, current: number | undefined, total: number | undefined][] = []
    const telling = (who: string) => ({
      onProgress: ({ current, total }: Progress) => void told.push([who, current, total]),
    })
    const controller = new AbortController()
    void call(10, telling('all'))
    void call(10, { ...telling('short'), asyncTimeout: 1_500 })
    void call(10, { ...telling('left'), signal: controller.signal }).catch(() => {})
    void call(20, telling('other'))
    await pass(2_500)
    controller.abort()
    await pass(1_000)
    expect(told.filter(([who]) => who === 'all')).toEqual([1, 2, 3].map((at) => ['all', at, 10]))
    expect(told.filter(([who]) => who === 'short')).toEqual([['short', 1, 10]])
    expect(told.filter(([who]) => who === 'left')).toEqual([1, 2].map((at) => ['left', at, 10]))
    expect(told.filter(([who]) => who === 'other')).toEqual([1, 2, 3].map((at) => ['other', at, 20]))
  })

  it('prints no warning, however many callers follow their tasks', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    const rain = createRaincheck()
    const { work, letGo } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: '1m' })(work)
    const answers = Array.from({ length: 20 }, () => call(1, { onProgress: () => {} }))
    await new Promise((resolve) => setImmediate(resolve))
    letGo('done')
    await Promise.all(answers)
    await new Promise((resolve) => setImmediate(resolve))
    expect(warned).not.toHaveBeenCalled()
    process.off('warning', warned)
    await rain.close()
  })
})

describe('value()', () => {
  it('waits past every window, and resolves to the bare value', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const value = call.value(1)
    await pass(10 ** 9)
    letGo({ deep: true })
    expect(await value).toEqual({ deep: true })
  })

  it('rejects with the function’s own error, also long after the window', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, fail } = heldFunction()
    const value = rain.cached({ name: 'f', asyncTimeout: 0 })(work).value(1)
    const caught = value.catch((error: unknown) => error)
    await pass(10 ** 6)
    const thrown = new Error('own')
    fail(thrown)
    expect(await caught).toBe(thrown)
  })
})

describe('a wrapped function', () => {
  it('carries its name, its schemas and its options, so that nobody states them twice', async () => {
    const rain = createRaincheck({ app: 'an-app' })
    const [input, output] = [z.string(), z.number()]
    const named = { name: 'length', version: '3', asyncTimeout: '5s', ttl: '1h' } as const
    const call = rain.cached({ ...named, input, output })(async (text) => text.length)
    expect(call.name).toBe('length')
    expect(call.input).toBe(input)
    expect(call.output).toBe(output)
    expect(call.options).toMatchObject({
      ...{ app: 'an-app', name: 'length', version: '3', asyncTimeout: 5_000, ttl: 3_600_000 },
      ...{ timeout: Number.POSITIVE_INFINITY, errorTtl: 0, grace: 0, retries: 0, retryDelay: 1_000 },
      priority: 0,
    })
    await rain.close()
  })

  it('of the short form has the name of the function', async () => {
    const rain = createRaincheck()
    const call = rain.cached('5s')(async function fetchPage(path: string) {
      return path
    })
    expect(call.name).toBe('fetchPage')
    expect(await call.value('/')).toBe('/')
    await rain.close()
  })
})
