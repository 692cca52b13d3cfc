import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import { shared } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

describe('grace', () => {
  it('lets an expired value stand in while the new one takes longer than the window', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    const { ref } = await first
    await pass(60_000)
    const second = call(1)
    await pass(1_000)
    const stale = await second
    expect(stale).toMatchObject({ status: 'complete', value: 'old', stale: true })
    expect(stale.ref).not.toBe(ref)
    letGo('new')
    await pass(0)
    expect(await rain.poll(stale.ref)).toMatchObject({ status: 'complete', value: 'new' })
    expect(await call(1)).toMatchObject({ value: 'new' })
    expect(await call(1)).not.toHaveProperty('stale')
  })

  it('lets it stand in when the new one fails, and no longer than its age', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo, fail } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    await first
    await pass(60_000)
    const second = call(1)
    await pass(0)
    fail(new Error('down'))
    expect(await second).toMatchObject({ value: 'old', stale: true })
    await pass(3_600_000)
    const third = call(1)
    await pass(0)
    fail(new Error('down'))
    await expect(third).rejects.toThrow('down')
  })

  it.each(kinds)('stands in at once for a call that does not wait, on %s', async (kind) => {
    useFakeTime()
    const { rain, call, held } = await expired(kind, { asyncTimeout: 0 })
    const handoffs = vi.fn()
    rain.on('handoff', handoffs)
    for (let calls = 0; calls < 3; calls++)
      expect(await answered(call(1))).toMatchObject({ status: 'complete', value: 'old', stale: true })
    expect(held.runs).toHaveLength(2)
    expect(handoffs).not.toHaveBeenCalled()
    const { ref } = await call(1)
    expect((await rain.poll(ref)).status).toBe('processing')
    held.letGo('new')
    await pass(0)
    expect(await call(1)).toMatchObject({ value: 'new' })
  })

  it('stands in at once for a task that another process runs', async () => {
    useFakeTime()
    const stores = { tasks: shared(), values$: new Keyv() }
    const { call, held } = await expired(rainWith(stores), { asyncTimeout: 0 })
    expect(await call(1)).toMatchObject({ value: 'old', stale: true })
    const there = wrapHeld(rainWith(stores), { asyncTimeout: 0 })
    expect(await there.call(1)).toMatchObject({ value: 'old', stale: true })
    expect([held.runs.length, there.held.runs.length]).toEqual([2, 0])
  })

  it('holds up a handoff by no more than 50 ms where the store is slow to give it', async () => {
    useFakeTime()
    const values$ = new Keyv()
    const { call } = await expired(rainWith({ values$ }), { asyncTimeout: 0 })
    const get = values$.get
    Reflect.set(values$, 'get', () => new Promise(() => {}))
    const answer = vi.fn()
    void call(1).then(answer)
    await pass(49)
    expect(answer).not.toHaveBeenCalled()
    await pass(1)
    expect(answer).toHaveBeenCalledWith(expect.objectContaining({ status: 'processing' }))
    values$.get = get
    expect(await call(1)).toMatchObject({ value: 'old', stale: true })
  })
})

const kinds = ['memory', 'a Keyv', 'a shared store']

function open(kind: string) {
  if (kind === 'a shared store') return rainWith({ tasks: shared() })
  return createRaincheck(kind === 'memory' ? {} : { store: new Keyv() })
}

function wrapHeld(rain: Raincheck, options: object) {
  const { work, ...held } = heldFunction()
  return {
    call: rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h', ...options })(work),
    held,
  }
}

/** A function whose value has expired. */
async function expired(where: string | Raincheck, options: object) {
  const rain = typeof where === 'string' ? open(where) : where
  const { call, held } = wrapHeld(rain, options)
  const first = call(1, { asyncTimeout: '1s' })
  await pass(0)
  held.letGo('old')
  await first
  await pass(60_000)
  return { rain, call, held }
}

/** What a call answers in the same moment. */
async function answered<T>(call: Promise<T>): Promise<T> {
  const before = Date.now()
  const answer = await call
  expect(Date.now()).toBe(before)
  return answer
}
