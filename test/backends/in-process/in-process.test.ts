import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { createRaincheck, type Ref } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('the in-process backend', () => {
  it('starts a function in the turn of its call, on a store in memory', async () => {
    const { work, runs, letGo } = heldFunction<number>()
    const call = createRaincheck({ concurrency: 1 }).cached({ name: 'f', asyncTimeout: '1m' })(work)
    const answers = [call(1), call(2)]
    let hasTurned = false
    setImmediate(() => {
      hasTurned = true
    })
    // Microtasks alone: a turn would not end before all of them have run.
    for (let step = 0; step < 10; step++) await undefined
    expect([runs, hasTurned]).toEqual([[1], false])
    letGo('one')
    await answers[0]
    for (let step = 0; step < 20; step++) await undefined
    expect([runs, hasTurned]).toEqual([[1, 2], false])
    letGo('two')
    await answers[1]
  })

  it('starts a function with a stack that has few frames but its own', async () => {
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '1m' })(async () => new Error().stack)
    const answer = await call()
    const stack = answer.status === 'complete' ? (answer.value ?? '') : ''
    expect(stack.split('\n').length).toBeLessThan(8)
  })

  it('never runs more at once than `concurrency`, and no fewer while others wait', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 3 })
    let running = 0
    let most = 0
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (n: number) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 10 + (n % 3)))
      running--
    })
    await Promise.all(Array.from({ length: 20 }, (_, n) => call(n)))
    await pass(5)
    expect(rain.queue.stats()).toMatchObject({ running: 3, waiting: 17 })
    await pass(10_000)
    expect(most).toBe(3)
    expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0 })
  })

  it('takes tasks by priority, and of one priority the oldest first, whosever they are', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs, letGo } = heldFunction<string>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    await call('running')
    await pass(0)
    for (const [name, priority] of [
      ['a', 0],
      ['b', -1],
      ['c', 10],
      ['d', 0],
      ['e', 10],
      ['f', 0.5],
    ] as const)
      await call(name, { priority, scope: name < 'd' ? 'early' : 'late' })
    await pass(0)
    for (let turn = 0; turn < 7; turn++) {
      letGo(turn)
      await pass(0)
    }
    expect(runs).toEqual(['running', 'c', 'e', 'f', 'a', 'd', 'b'])
  })

  it('counts what runs in a scope as it comes and goes, and never passes `perScope`', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 4, perScope: 2 })
    const { work, runs, letGo } = heldFunction<string>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) await call(name, { scope: 'a' })
    await call('b1', { scope: 'b' })
    await pass(0)
    const started = [['a1', 'a2', 'b1']]
    for (let turn = 0; turn < 4; turn++) {
      expect(runs).toEqual(started.flat())
      letGo(turn)
      await pass(0)
      started.push([['a3'], ['a4'], [], ['a5']][turn] ?? [])
    }
    expect(runs).toEqual(started.flat())
    expect(rain.queue.stats()).toMatchObject({ running: 2, waiting: 0 })
  })

  it('a new priority moves what waits among the others, and nothing that runs', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs, letGo } = heldFunction<string>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const { ref: running } = await call('running')
    const refs: Ref<unknown>[] = []
    for (const [name, priority] of [
      ['a', 1],
      ['b', 1],
      ['c', 2],
      ['d', 3],
    ] as const)
      refs.push((await call(name, { priority })).ref)
    rain.queue.setPriority(running, 9)
    // To the same priority, below all, and between two.
    rain.queue.setPriority(refs[0] as Ref, 1)
    rain.queue.setPriority(refs[3] as Ref, 0)
    rain.queue.setPriority(refs[1] as Ref, 1.5)
    for (let turn = 0; turn < 5; turn++) {
      letGo(turn)
      await pass(0)
    }
    expect(runs).toEqual(['running', 'c', 'b', 'a', 'd'])
  })

  it.each(['a timeout', 'a cancel'])(
    'a slot is free after %s, though the function never returns',
    async (how) => {
      useFakeTime()
      const rain = createRaincheck({ concurrency: 1 })
      const { work, runs } = heldFunction<string>()
      const call = rain.cached({ name: 'f', asyncTimeout: 0, timeout: '10s' })(work)
      const { ref } = await call('stuck')
      await call('next')
      await pass(0)
      expect(runs).toEqual(['stuck'])
      if (how === 'a cancel') expect(await rain.cancel(ref)).toBe('requested')
      else await pass(10_000)
      await pass(0)
      expect(runs).toEqual(['stuck', 'next'])
      expect(rain.queue.stats()).toEqual({ waiting: 0, running: 1, abandoned: 1, paused: false })
    },
  )

  it.each([
    ['concurrency 1', { concurrency: 1 }],
    ['concurrency 2', { concurrency: 2 }],
    ['a rate limit', { rateLimit: { starts: 1, per: 50 } }],
  ])('with %s a task that waited runs in the async context of its call', async (_, limits) => {
    useFakeTime()
    const user = new AsyncLocalStorage<string>()
    const rain = createRaincheck(limits)
    const whoami = rain.cached({ name: 'whoami', asyncTimeout: '1h' })(async (_id: string) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return user.getStore()
    })
    const seen = Promise.all(
      ['ann', 'bob', 'cid', 'dan'].map((name) => user.run(name, () => whoami.value(name))),
    )
    await pass(1_000)
    expect(await seen).toEqual(['ann', 'bob', 'cid', 'dan'])
  })

  it('a resume, and the end of a rate limit, start as many as there are slots', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 4 })
    const { work, runs } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    rain.queue.pause()
    for (const n of [1, 2, 3, 4, 5]) await call(n)
    await pass(10)
    expect(runs).toEqual([])
    rain.queue.resume()
    await pass(0)
    expect(runs).toEqual([1, 2, 3, 4])
    const rated = createRaincheck({ concurrency: 10, rateLimit: { starts: 3, per: 500 } })
    const starts: number[] = []
    const began = Date.now()
    const slow = rated.cached({ name: 'f', asyncTimeout: 0 })(async (_: number) => {
      starts.push(Math.floor((Date.now() - began) / 500))
      await new Promise((resolve) => setTimeout(resolve, 5_000))
    })
    for (let n = 0; n < 9; n++) await slow(n)
    await pass(2_000)
    expect(starts).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
  })
})
