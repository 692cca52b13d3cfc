import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import { shared } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

class Reports {
  readonly report
  readonly #tenant: string

  constructor(rain: Raincheck, tenant: string) {
    this.#tenant = tenant
    this.report = rain.cached({ name: 'report', asyncTimeout: '5s', ttl: '1h', instance: tenant })(
      (input: { month: string }) => this.#load(input),
    )
  }

  async #load({ month }: { month: string }) {
    return `${month} of ${this.#tenant}`
  }
}

describe('instance', () => {
  it('tells apart the same method of several objects', async () => {
    const rain = createRaincheck()
    const [one, other] = [new Reports(rain, 'one'), new Reports(rain, 'other')]
    expect(await one.report.value({ month: '2026-01' })).toBe('2026-01 of one')
    expect(await other.report.value({ month: '2026-01' })).toBe('2026-01 of other')
    expect(one.report.options).toMatchObject({ name: 'report', instance: 'one' })
  })

  it('wrapped again takes the place of the older function, and shares its values', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const old = vi.fn(async (n: number) => n)
    const options = { name: 'f', asyncTimeout: '1s', ttl: '1h', instance: 'a' } as const
    const before = rain.cached(options)(old)
    const failing = vi.fn(async (n: number) => {
      throw new Error(`no ${n}`)
    })
    const after = rain.cached(options)(failing)
    expect(await before.value(1)).toBe(1)
    expect(await after.value(1)).toBe(1)
    await expect(after(2)).rejects.toThrow('no 2')
    const { tasks } = await rain.list({ status: 'failed' })
    await expect(rain.retry(tasks[0]?.ref ?? '')).rejects.toThrow('no 2')
    expect([old.mock.calls.length, failing.mock.calls.length]).toEqual([1, 2])
  })

  it('without one a name that is taken is refused', () => {
    const rain = createRaincheck()
    rain.cached({ name: 'f', asyncTimeout: 0, instance: 'a' })(async () => 1)
    rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 1)
    expect(() => rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 1)).toThrow(
      /name must be unique.*`instance`/,
    )
    for (const instance of ['', 5 as never])
      expect(() => rain.cached({ name: 'f', asyncTimeout: 0, instance })(async () => 1)).toThrow(
        /^instance must be a text that is not empty, got/,
      )
  })

  it('a process takes a task over only where its instance is wrapped', async () => {
    useFakeTime()
    const tasks = shared()
    const [one, other] = [rainWith({ tasks, place: '/a.js' }), rainWith({ tasks, place: '/a.js' })]
    const options = { name: 'f', asyncTimeout: 0 } as const
    const { ref } = await one.cached({ ...options, instance: 'a' })(heldFunction<void>().work)()
    const closed = one.close({ drain: 0 })
    await pass(0)
    await closed
    const { work, runs } = heldFunction<void>()
    const held = [other.cached({ ...options, instance: 'b' })(work), other.cached(options)(work)]
    expect(await other.recover()).toEqual([])
    expect(await other.unheld()).toMatchObject([{ ref, name: 'f', instance: 'a' }])
    const [task] = await other.unheld()
    expect(task && other.knows(task)).toBe(false)
    held.push(other.cached({ ...options, instance: 'a' })(work))
    expect(task && other.knows(task)).toBe(true)
    expect(await other.recover()).toEqual([ref])
    expect([runs.length, held.length]).toEqual([1, 3])
  })
})

describe('an instance that nobody holds', () => {
  /** Collects what can be, which takes a turn of the loop: a WeakRef holds its target to the end of the turn. */
  const collect = async () => {
    for (let turns = 0; turns < 3; turns++) {
      await new Promise((resolve) => setImmediate(resolve))
      gc()
    }
  }

  it('goes: 100,000 that were wrapped leave no memory behind', async () => {
    const rain = createRaincheck({ app: 'test' })
    const wrapMany = (from: number, count: number) => {
      for (let at = from; at < from + count; at++) new Reports(rain, `tenant ${at}`)
    }
    wrapMany(0, 1_000)
    await collect()
    const before = process.memoryUsage().heapUsed
    wrapMany(1_000, 100_000)
    await collect()
    await vi.waitFor(async () => {
      await collect()
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000)
    })
    expect(rain.knows({ app: 'test', name: 'report', version: '1', instance: 'tenant 5000' })).toBe(false)
  })

  it('stays as long as a task of it waits for an answer', async () => {
    const rain = createRaincheck({ app: 'test' })
    const identity = { app: 'test', name: 'order', version: '1', instance: 'a' }
    const order = async () => {
      const call = rain.cached({ name: 'order', asyncTimeout: '1s', instance: 'a' })(
        async (_: number, task) => `in ${await task.ask('colour', 'Which?')}`,
      )
      return [(await call(1)).ref, (await call(2)).ref] as const
    }
    const [answered, cancelled] = await order()
    await collect()
    expect(rain.knows(identity)).toBe(true)
    await rain.answer(answered, { colour: 'red' })
    expect(await rain.poll(answered, { wait: '1s' })).toMatchObject({ status: 'complete', value: 'in red' })
    await collect()
    expect(rain.knows(identity)).toBe(true)
    await rain.cancel(cancelled)
    await vi.waitFor(async () => {
      await collect()
      expect(rain.knows(identity)).toBe(false)
    })
  })

  it('stays as long as a task of it lives', async () => {
    const rain = createRaincheck({ app: 'test' })
    const identity = { app: 'test', name: 'report', version: '1', instance: 'a' }
    const { work, letGo } = heldFunction<void>()
    const ref = await (async () => {
      const call = rain.cached({ name: 'report', asyncTimeout: 0, instance: 'a' })(work)
      return (await call()).ref
    })()
    await collect()
    expect(rain.knows(identity)).toBe(true)
    letGo('done')
    expect(await rain.poll(ref, { wait: '1s' })).toMatchObject({ status: 'complete' })
    await vi.waitFor(async () => {
      await collect()
      expect(rain.knows(identity)).toBe(false)
    })
  })
})
