import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('limits', () => {
  it('perScope keeps one scope from taking every slot', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 3, perScope: 2 })
    const { work, runs } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    for (const n of [1, 2, 3]) await call(`a${n}`, { scope: 'a' })
    await call('b1', { scope: 'b' })
    await pass(0)
    expect(runs).toEqual(['a1', 'a2', 'b1'])
  })

  it('rateLimit caps the starts in any span', async () => {
    useFakeTime()
    const rain = createRaincheck({ rateLimit: { starts: 2, per: '1s' } })
    const work = vi.fn(async (n: number) => n)
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    for (let n = 0; n < 5; n++) await call(n)
    await pass(999)
    expect(work).toHaveBeenCalledTimes(2)
    await pass(1)
    expect(work).toHaveBeenCalledTimes(4)
    await pass(1_000)
    expect(work).toHaveBeenCalledTimes(5)
  })

  it('the queue can be paused, looked at and reordered', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const order: string[] = []
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (name: string) => void order.push(name))
    rain.queue.pause()
    await call('a')
    const { ref } = await call('b')
    expect(rain.queue.stats()).toEqual({ waiting: 2, running: 0, abandoned: 0, paused: true })
    rain.queue.setPriority(ref, 1)
    rain.queue.resume()
    await pass(0)
    expect(order).toEqual(['b', 'a'])
  })
})

describe('the queue', () => {
  it('a full queue makes the function wait, and not the caller', async () => {
    useFakeTime()
    const { work, runs, letGo } = heldFunction()
    const call = createRaincheck({ concurrency: 1 }).cached({ name: 'f', asyncTimeout: '1s' })(work)
    const first = call('first')
    const second = call('second')
    await pass(1_000)
    expect((await first).status).toBe('processing')
    expect((await second).status).toBe('pending')
    expect(runs).toEqual(['first'])
    letGo(1)
    await pass(0)
    expect(runs).toEqual(['first', 'second'])
  })

  it('a function that awaits another lends its slot, however deep they nest', async () => {
    const rain = createRaincheck({ concurrency: 1 })
    const sum = rain.cached({ name: 'sum', asyncTimeout: '1s' })(
      async (n: number): Promise<number> => (n === 0 ? 0 : n + (await sum.value(n - 1))),
    )
    expect(await sum.value(20)).toBe(210)
    expect(rain.queue.stats()).toEqual({ waiting: 0, running: 0, abandoned: 0, paused: false })
    await rain.close()
  })

  it('the highest priority that any caller asks for counts', async () => {
    useFakeTime()
    const { work, runs, letGo } = heldFunction()
    const call = createRaincheck({ concurrency: 1 }).cached({ name: 'f', asyncTimeout: 0 })(work)
    await call('running')
    for (const input of ['a', 'b', 'c']) await call(input)
    await call('c', { priority: 5 })
    for (let turn = 0; turn < 3; turn++) {
      letGo(turn)
      await pass(0)
    }
    expect(runs).toEqual(['running', 'c', 'a', 'b'])
  })
})
