import { Keyv } from 'keyv'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck, type RaincheckOptions } from '../../../src/index.js'
import { down, rainOn, shared } from '../../support/failing-tasks.js'
import { held, processes } from '../../support/on-one-file.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

function open(options: RaincheckOptions = {}) {
  const rain = createRaincheck(options)
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

const unavailable = expect.objectContaining({ code: 'STORE_UNAVAILABLE' })

describe('list, forget and prune', () => {
  it('forget makes ref and value unknown, and cancels a live task first', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const quick = vi.fn(async () => 1)
    const cached = rain.cached({ name: 'quick', asyncTimeout: '1s', ttl: '1h' })(quick)
    const { ref } = await cached()
    await rain.forget(ref)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    await cached()
    expect(quick).toHaveBeenCalledTimes(2)
    const live = await rain.cached({ name: 'slow', asyncTimeout: 0 })(heldFunction().work)(1)
    await rain.forget(live.ref)
    await expect(rain.poll(live.ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it.each(['memory', 'a Keyv', 'a shared store'])(
    'what was pruned is not answered from memory, on %s',
    async (kind) => {
      useFakeTime()
      const stores = { memory: {}, 'a Keyv': { store: new Keyv() } } as Record<string, RaincheckOptions>
      const rain = stores[kind] ? open(stores[kind]) : rainWith({ tasks: shared() })
      let runs = 0
      const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => ++runs)
      await call()
      await pass(10)
      expect(await rain.prune({ olderThan: 0 })).toBe(1)
      expect(await call()).toMatchObject({ status: 'complete', value: 2 })
    },
  )

  it('what others removed from a Keyv is answered from memory for memoryTtl, and then computed anew', async () => {
    useFakeTime()
    const store = new Keyv()
    const rain = open({ store, memoryTtl: '2s' })
    let runs = 0
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => ++runs)
    await call()
    await store.clear()
    await pass(1_999)
    expect(await call()).toMatchObject({ value: 1 })
    await pass(1)
    expect(await call()).toMatchObject({ value: 2 })
  })

  it('prune removes what settled longer ago than asked, and tells how many', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    const { ref } = await call(1)
    await pass(60_000)
    const kept = await call(2)
    expect(await rain.prune()).toBe(0)
    expect(await rain.prune({ olderThan: '30s' })).toBe(1)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(await rain.poll(kept.ref)).toMatchObject({ value: 2 })
  })

  it('no more than maxEntries settled tasks are kept in memory', async () => {
    const rain = createRaincheck({ maxEntries: 10 })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    for (let n = 0; n < 600; n++) await call(n)
    expect((await rain.list({ limit: 1_000 })).tasks.length).toBeLessThan(10 + 256)
    await rain.close()
  })
})

describe('tasks in memory', () => {
  it('forgetting a failed one leaves the key the value that is still fresh', async () => {
    const rain = open({ maxEntries: 1 })
    let fails = false
    const call = rain.cached({ name: 'f', asyncTimeout: '5s', ttl: '1h' })(async (n: number) => {
      if (fails) throw new Error('no')
      return { n }
    })
    const first = await call(1)
    fails = true
    await expect(call(1, { refresh: true })).rejects.toThrow('no')
    const [failed] = (await rain.list({ status: 'failed' })).tasks
    await rain.forget(failed?.ref as never)
    fails = false
    // So that the value is not answered by what this process remembers of its last calls.
    await call(2)
    expect(await call(1)).toMatchObject({ value: { n: 1 }, ref: first.ref })
  })

  it('that are live are removed by nothing, however many there are', async () => {
    const rain = open({ maxEntries: 1 })
    const { work } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const refs = [(await call(1)).ref, (await call(2)).ref, (await call(3)).ref]
    expect(await rain.prune({ olderThan: 0 })).toBe(0)
    for (const ref of refs) expect((await rain.poll(ref)).status).toMatch(/pending|processing/)
  })
})

describe('a task of another process', () => {
  it('that was forgotten meanwhile ends for who waits in its own process, and leaves nothing', async () => {
    const open = await processes()
    const [one, other] = [open(), open()]
    const { call, letGo } = held(one)
    const waiting = call(1, { asyncTimeout: '1m' })
    const [{ ref } = { ref: '' }] = await vi.waitUntil(async () => {
      const { tasks } = await other.list()
      return tasks.length > 0 && tasks
    })
    await other.forget(ref as never)
    letGo('value')
    expect(await waiting).toMatchObject({ status: 'complete', value: 'value' })
    for (const rain of [one, other])
      await expect.poll(() => rain.poll(ref as never).catch(({ code }) => code)).toBe('REF_NOT_FOUND')
  })
})

describe('a store that is away when a task ends', () => {
  it('and when tasks that have expired are to be removed, costs the calls nothing', async () => {
    const { rain, errors } = rainOn(shared(), { sweep: down })
    const square = rain.cached({ name: 'square', asyncTimeout: '10s' })(async (n: number) => n * n)
    for (let n = 0; n < 300; n++) expect(await square(n)).toMatchObject({ value: n * n })
    await vi.waitFor(() => expect(errors).toEqual([unavailable]))
    await rain.close()
  })
})
