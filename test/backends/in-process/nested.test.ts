import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('calls inside a function, in process', () => {
  it('a function goes on only with its slot, also when its signal has ended the waiting', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const inner = heldFunction<string>()
    const nested = rain.cached({ name: 'inner', asyncTimeout: '1h' })(inner.work)
    const controller = new AbortController()
    const steps: string[] = []
    const outer = rain.cached({ name: 'outer', asyncTimeout: '1h' })(async (_: string) => {
      await nested('in', { signal: controller.signal }).catch(() => steps.push('stopped waiting'))
      return 'done'
    })
    const value = outer.value('out')
    await pass(0)
    expect(inner.runs).toEqual(['in'])
    controller.abort()
    await pass(10)
    // The nested call goes on, and has the only slot.
    expect(steps).toEqual([])
    inner.letGo(1)
    await pass(10)
    expect(await value).toBe('done')
    expect(steps).toEqual(['stopped waiting'])
    expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0 })
  })

  it('several nested calls at once lend one slot, in their scope too', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 8, perScope: 1 })
    const inner = rain.cached({ name: 'inner', asyncTimeout: '1h' })(async (n: number) => n)
    const outer = rain.cached({ name: 'outer', asyncTimeout: '1h' })(() =>
      Promise.all([inner.value(1), inner.value(2)]),
    )
    const both = outer.value(undefined)
    await pass(10)
    expect(await both).toEqual([1, 2])
    expect(await inner.value(3)).toBe(3)
    expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0 })
  })

  it('a function that forgets its nested calls gives back no more than its own slot', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 2, perScope: 1 })
    const { work, runs, letGo } = heldFunction<string>()
    const inner = rain.cached({ name: 'inner', asyncTimeout: 0 })(work)
    const outer = rain.cached({ name: 'outer', asyncTimeout: '1h' })(async () => {
      void inner.value('forgotten')
      return 'done'
    })
    expect(await outer.value(undefined)).toBe('done')
    await inner('next')
    await pass(0)
    expect(runs).toEqual(['forgotten'])
    letGo(0)
    await pass(0)
    expect(runs).toEqual(['forgotten', 'next'])
    letGo(1)
    await pass(0)
    expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0 })
  })

  it('never runs more at once than `concurrency` among the nested calls of one function', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 2 })
    let running = 0
    let most = 0
    const page = rain.cached({ name: 'page', asyncTimeout: '1h' })(async (n: number) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
      return n
    })
    const crawl = rain.cached({ name: 'crawl', asyncTimeout: '1h' })((pages: number) =>
      Promise.all(Array.from({ length: pages }, (_, n) => page.value(n))),
    )
    const done = crawl.value(50)
    await pass(1_000)
    expect((await done).length).toBe(50)
    expect(most).toBe(2)
  })

  it('nested calls go before outer ones of any priority, and a returning function before both', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const order: string[] = []
    const child = rain.cached({ name: 'child', asyncTimeout: '1h' })(async (n: number) => {
      order.push(`child ${n}`)
    })
    const parent = rain.cached({ name: 'parent', asyncTimeout: '1h' })(async (n: number) => {
      order.push(`parent ${n}`)
      await child.value(n)
      order.push(`parent ${n} again`)
    })
    const all = [parent(1), parent(2, { priority: 5 }), parent(3, { priority: 9 })]
    await pass(100)
    await Promise.all(all)
    const of = (n: number) => [`parent ${n}`, `child ${n}`, `parent ${n} again`]
    expect(order).toEqual([...of(1), ...of(3), ...of(2)])
  })

  it('1,000 parents of children are never more open than can go on', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 2 })
    let open = 0
    let most = 0
    const child = rain.cached({ name: 'child', asyncTimeout: '1h' })(async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return n
    })
    const parent = rain.cached({ name: 'parent', asyncTimeout: '1h' })(async (n: number) => {
      most = Math.max(most, ++open)
      await child.value(n)
      open--
    })
    const all = Promise.all(Array.from({ length: 1_000 }, (_, n) => parent.value(n)))
    await pass(60_000)
    await all
    expect(most).toBeLessThanOrEqual(4)
  })

  it('20,000 calls that nest in each other do not overflow the stack', async () => {
    const rain = createRaincheck({ concurrency: 4 })
    const depth: { value(n: number): Promise<number> } = rain.cached({ name: 'depth', asyncTimeout: '1h' })(
      async (n: number): Promise<number> => (n === 0 ? 0 : 1 + (await depth.value(n - 1))),
    )
    expect(await depth.value(20_000)).toBe(20_000)
    expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0 })
  })

  it('a task that would wait for itself is refused by an error that names the ring', async () => {
    const rain = createRaincheck({ concurrency: 4 })
    type Call = { value(n: number): Promise<number> } & ((n: number, options?: object) => Promise<unknown>)
    const alone: Call = rain.cached({ name: 'alone', asyncTimeout: '1h' })((n: number) => alone.value(n))
    await expect(alone.value(1)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        /^alone would wait for itself: alone → alone; call it with another input/,
      ),
    })
    const one: Call = rain.cached({ name: 'one', asyncTimeout: '1h' })((n: number) => two.value(n))
    const two: Call = rain.cached({ name: 'two', asyncTimeout: '1h' })((n: number) => three.value(n))
    const three: Call = rain.cached({ name: 'three', asyncTimeout: '1h' })((n: number) => one.value(n))
    await expect(one.value(1)).rejects.toThrow('one would wait for itself: three → one → two → three;')
    // Other inputs are other tasks, and a call that does not wait closes no ring.
    const down: Call = rain.cached({ name: 'down', asyncTimeout: '1h' })(async (n: number) =>
      n === 0 ? 0 : down.value(n - 1),
    )
    expect(await down.value(3)).toBe(0)
    const asks: Call = rain.cached({ name: 'asks', asyncTimeout: '1h' })(async (n: number) => {
      expect(await asks(n, { asyncTimeout: 0 })).toMatchObject({ status: 'processing' })
      return n
    })
    expect(await asks.value(7)).toBe(7)
  })

  it('what returns to its slot is no start, and a lent slot spends none', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1, rateLimit: { starts: 1, per: 1_000 } })
    const began = Date.now()
    const starts: [string, number][] = []
    const inner = rain.cached({ name: 'inner', asyncTimeout: '1h' })(async (n: number) => {
      starts.push([`inner ${n}`, Math.round((Date.now() - began) / 1_000)])
    })
    const outer = rain.cached({ name: 'outer', asyncTimeout: '1h' })(async (_: string) => {
      starts.push(['outer', Math.round((Date.now() - began) / 1_000)])
      await inner.value(1)
      await inner.value(2)
      return Math.round((Date.now() - began) / 1_000)
    })
    const done = outer.value('x')
    await pass(10_000)
    expect(await done).toBe(2)
    expect(starts).toEqual([
      ['outer', 0],
      ['inner 1', 1],
      ['inner 2', 2],
    ])
  })
})
