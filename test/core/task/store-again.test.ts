import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import type { Raincheck, Ref } from '../../../src/index.js'
import { down, shared } from '../../support/failing-tasks.js'
import { pass, rainWith, useFakeTime } from '../../support/rain.js'

const MiB = 1024 * 1024

/** Two processes on one store, whose values may be refused by their text, and a function that gives the value it is asked for. */
function world(refuses: (text: string) => boolean, options: object = {}, parts: object = {}) {
  useFakeTime()
  const values$ = new Keyv()
  const { set } = values$
  const refusal = new Error('too large')
  const state = { refuses, hangs: false }
  values$.set = (...args) => {
    if (state.hangs) return new Promise(() => {})
    return state.refuses(String(args[1])) ? Promise.reject(refusal) : Reflect.apply(set, values$, args)
  }
  const tasks = shared()
  const [rain, other] = [rainWith({ tasks, values$, ...parts }), rainWith({ tasks, values$ })]
  const errors: string[] = []
  rain.on('store-error', ({ error }) => errors.push(error.message))
  let runs = 0
  const call = rain.cached({ name: 'f', asyncTimeout: '1s', ...options })(async (length: number) => {
    runs++
    return 'x'.repeat(length)
  })
  return { rain, other, call, errors, tasks, state, runs: () => runs }
}

const isBig = (text: string) => text.length > 100

const poll = (rain: Raincheck, ref: Ref) => rain.poll(ref).catch(({ code }) => ({ status: code }))

describe('a value that the store refuses, while it takes others', () => {
  it('is given up after a minute: the task has failed, for everybody', async () => {
    const { rain, other, call, errors } = world(isBig)
    const { ref } = await call(200)
    await pass(59_000)
    expect(await poll(rain, ref)).toMatchObject({ status: 'complete', value: 'x'.repeat(200) })
    expect((await poll(other, ref)).status).toMatch(/pending|processing/)
    await pass(35_000)
    const message = expect.stringMatching(
      /^f is done, but the store did not take its value, which is lost \(.*too large\); check the store/,
    )
    for (const process of [rain, other])
      expect(await poll(process, ref)).toMatchObject({
        status: 'failed',
        error: { code: 'STORE_UNAVAILABLE', message },
        retryable: true,
      })
    expect(rain.busy).toBe(false)
    expect(errors.at(-1)).toEqual(message)
    expect(vi.getTimerCount()).toBeLessThan(3)
  })

  it('is not the answer of later calls, nor is its loss, with errorTtl', async () => {
    const { call, state, runs } = world(isBig, { ttl: '1h', errorTtl: '1h' })
    await call(200)
    expect(await call(200)).toMatchObject({ status: 'complete' })
    expect(runs()).toBe(1)
    await pass(95_000)
    state.refuses = () => false
    expect(await call(200)).toMatchObject({ status: 'complete' })
    expect(runs()).toBe(2)
    await call(200)
    expect(runs()).toBe(2)
  })

  it('is given up as soon as nobody could redeem it any more', async () => {
    const { rain, other, call } = world(isBig, {}, { retention: 1_000 })
    const { ref } = await call(200)
    await pass(4_000)
    expect(rain.busy).toBe(false)
    for (const process of [rain, other]) expect((await poll(process, ref)).status).toBe('REF_NOT_FOUND')
  })

  it('is stored when it is taken in time', async () => {
    const { other, call, state } = world(isBig)
    const { ref } = await call(200)
    await pass(50_000)
    state.refuses = () => false
    await pass(30_000)
    expect(await poll(other, ref)).toMatchObject({ status: 'complete', value: 'x'.repeat(200) })
  })

  it('and whose end landed although its answer was lost, is not lost', async () => {
    const { other, call, tasks, rain } = world(() => false)
    const { settle } = tasks
    tasks.settle = async (...args) => {
      await settle(...args)
      throw new Error('the answer was lost')
    }
    const { ref } = await call(200)
    await pass(120_000)
    tasks.settle = settle
    await pass(60_000)
    expect(rain.busy).toBe(false)
    expect(await poll(other, ref)).toMatchObject({ status: 'complete', value: 'x'.repeat(200) })
  })
})

describe('a value whose store is away', () => {
  it('is kept for an hour, and then lost: the task has failed', async () => {
    const { rain, other, call, tasks } = world(() => false)
    const { settle } = tasks
    tasks.settle = down
    const { ref } = await call(200)
    await pass(3_590_000)
    expect(await poll(rain, ref)).toMatchObject({ status: 'complete' })
    await pass(40_000)
    expect(await poll(rain, ref)).toMatchObject({ status: 'failed', error: { code: 'STORE_UNAVAILABLE' } })
    expect(rain.busy).toBe(true)
    tasks.settle = settle
    await pass(30_000)
    expect(rain.busy).toBe(false)
    expect(await poll(other, ref)).toMatchObject({ status: 'failed', error: { code: 'STORE_UNAVAILABLE' } })
  })

  it('is stored when it is back within the hour', async () => {
    const { other, call, tasks, state } = world(() => true)
    const { settle } = tasks
    tasks.settle = down
    const { ref } = await call(200)
    await pass(3_000_000)
    Object.assign(tasks, { settle })
    state.refuses = () => false
    await pass(30_000)
    expect(await poll(other, ref)).toMatchObject({ status: 'complete', value: 'x'.repeat(200) })
  })
})

describe('values that wait for the store', () => {
  const refs = async (calls: Promise<{ ref: Ref }>[]) => (await Promise.all(calls)).map(({ ref }) => ref)
  const statuses = async (rain: Raincheck, some: Ref[]) =>
    (await Promise.all(some.map((ref) => poll(rain, ref)))).map(({ status }) => status)

  it('are at most 64 MiB of text: of one more only its end is kept', async () => {
    const { rain, call } = world(isBig)
    const some = await refs([16, 17, 18, 19].map((size) => call(size * MiB)))
    await pass(0)
    expect(await statuses(rain, some)).toEqual(['complete', 'complete', 'complete', 'failed'])
    // A smaller one fits.
    const [small] = await refs([call(MiB)])
    expect((await poll(rain, small as Ref)).status).toBe('complete')
    expect(await call(19 * MiB)).toMatchObject({ status: 'complete' })
  })

  it('may be a single larger one', async () => {
    const { rain, call } = world(isBig)
    const [big] = await refs([call(70 * MiB)])
    expect((await poll(rain, big as Ref)).status).toBe('complete')
  })

  it('are at most 1,000, and half as many that the store has no record of', async () => {
    const { rain, call, tasks } = world(() => true, { ttl: '1h' })
    const { start } = tasks
    tasks.start = down
    const lengths = Array.from({ length: 700 }, (_, length) => length)
    const unrecorded = await refs(lengths.map((length) => call(length)))
    await pass(0)
    const again = await refs(lengths.map((length) => call(length)))
    expect(again.filter((ref, at) => ref === unrecorded[at])).toHaveLength(500)
    tasks.start = start
    const recorded = await refs(Array.from({ length: 600 }, (_, length) => call(1_000 + length)))
    await pass(0)
    const counts = await statuses(rain, recorded)
    expect(counts.filter((status) => status === 'complete')).toHaveLength(500)
    expect(counts.filter((status) => status === 'failed')).toHaveLength(100)
  })
})

describe('close', () => {
  it('ends at once where a store refuses values', async () => {
    const { rain, call } = world(isBig)
    for (let more = 0; more < 50; more++) await call(200 + more)
    await pass(10_000)
    const before = Date.now()
    await rain.close()
    expect(Date.now() - before).toBe(0)
  })

  it('ends within 5 s where a store does not answer', async () => {
    const { rain, call, state } = world(isBig)
    await call(200)
    await pass(10_000)
    state.hangs = true
    const closed = vi.fn()
    void rain.close().then(closed)
    await pass(5_000)
    expect(closed).toHaveBeenCalled()
  })

  it('tries once more, for what the store takes by now', async () => {
    const { rain, other, call, state } = world(isBig)
    const { ref } = await call(200)
    await pass(10_000)
    state.refuses = () => false
    await rain.close()
    expect(await poll(other, ref)).toMatchObject({ status: 'complete', value: 'x'.repeat(200) })
  })
})
