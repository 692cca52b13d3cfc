import { getEventListeners } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck, type RaincheckOptions } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

function open(options: RaincheckOptions = {}) {
  const rain = createRaincheck(options)
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

describe('signal', () => {
  it('that is aborted already refuses the call, and nothing runs', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async () => 1)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(work)
    const reason = new Error('too late')
    await expect(call(undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(work).not.toHaveBeenCalled()
    await rain.close()
  })

  it('stops the waiting while the work goes on: its ref answers, its value is stored', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const aborted = vi.fn()
    const { work, runs, letGo } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h', ttl: '1h' })((input: number, task) => {
      task.signal.addEventListener('abort', aborted)
      return work(input)
    })
    const controller = new AbortController()
    const left = call(1, { signal: controller.signal })
    await pass(0)
    controller.abort()
    await expect(left).rejects.toMatchObject({ name: 'AbortError' })
    letGo('done')
    await pass(0)
    expect(await call(1)).toMatchObject({ status: 'complete', value: 'done' })
    expect(runs).toEqual([1])
    expect(aborted).not.toHaveBeenCalled()
  })

  it('is listened to no longer than the call takes', async () => {
    const rain = createRaincheck()
    const { signal } = new AbortController()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => {
      if (n === 2) throw new Error('two')
      return n
    })
    await call(1, { signal })
    await expect(call(2, { signal })).rejects.toThrow('two')
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await rain.close()
  })
})

describe('a caller’s signal', () => {
  it('that 1,000 calls and polls share is listened to once', async () => {
    const rain = open({ concurrency: 1 })
    const { work, letGo } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h' })(work)
    const { signal } = new AbortController()
    const calls = Array.from({ length: 500 }, (_, n) => call(n % 2, { signal }))
    const { ref } = await call(2, { asyncTimeout: 0 })
    const polls = Array.from({ length: 500 }, () => rain.poll(ref, { wait: '1h', signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (let left = 3; left > 0; left--) {
      await vi.waitUntil(() => rain.queue.stats().waiting === left - 1)
      letGo(left)
    }
    await Promise.all([...calls, ...polls])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('that `check` itself aborts ends the call before there is a task', async () => {
    const rain = open()
    const controller = new AbortController()
    const work = vi.fn(async () => 1)
    const check = async () => controller.abort(new Error('enough'))
    const call = rain.cached({ name: 'f', asyncTimeout: 0, check })(work)
    await expect(call(undefined, { signal: controller.signal })).rejects.toThrow('enough')
    expect(await rain.list()).toEqual({ tasks: [] })
    expect(work).not.toHaveBeenCalled()
  })
})
