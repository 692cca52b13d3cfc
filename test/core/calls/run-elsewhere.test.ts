import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import type { CallOptions } from '../../../src/index.js'
import { sharedTasks } from '../../support/failing-tasks.js'
import { held, processes } from '../../support/on-one-file.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

/** Two processes with one function; a call of the second for a key that the first runs. */
async function joined(options: object = {}) {
  const open = await processes()
  const [one, other] = [open(), open()]
  const [here, there] = [held(one, options), held(other, options)]
  /** Begins a run in the first process. */
  const begin = async (n: number, call: CallOptions = {}) => {
    const { ref } = await here.call(n, call)
    await expect.poll(() => here.runs.length).toBeGreaterThan(0)
    here.runs.length = 0
    return ref
  }
  /** A call in the second that has found that run. */
  const join = async (n: number) => {
    const answer = there.call(n, { asyncTimeout: '1m' })
    await there.call(n)
    return { outcome: answer.catch((error: unknown) => error) }
  }
  return { one, here, there, begin, join }
}

describe('a call for a key that another process runs', () => {
  it('is rejected with what that comes to: its error, or its cancel', async () => {
    const { one, here, there, begin, join } = await joined()
    await begin(1)
    const failing = await join(1)
    here.fail(Object.assign(new RangeError('no'), { code: 'E_NO' }))
    expect(await failing.outcome).toMatchObject({ name: 'RangeError', message: 'no', code: 'E_NO' })
    const ref = await begin(2)
    const cancelled = await join(2)
    await one.cancel(ref)
    expect(await cancelled.outcome).toMatchObject({ code: 'CANCELLED' })
    expect(there.runs).toEqual([])
  })

  it('gets an older value in its grace when that takes longer or fails, but not when it is cancelled', async () => {
    const { one, here, there, begin, join } = await joined({ ttl: 1, grace: '1h' })
    const old = here.call(1, { asyncTimeout: '1m' })
    await expect.poll(() => here.runs.length).toBe(1)
    here.letGo('old')
    await old
    const stale = { status: 'complete', value: 'old', stale: true }
    const first = await begin(1, { refresh: true })
    expect(await there.call(1)).toMatchObject({ ...stale, ref: first })
    const failing = await join(1)
    here.fail(new Error('no'))
    expect(await failing.outcome).toMatchObject({ ...stale, ref: first })
    const second = await begin(1, { refresh: true })
    const cancelled = await join(1)
    await one.cancel(second)
    expect(await cancelled.outcome).toMatchObject({ code: 'CANCELLED' })
  })
})

describe('a look at the store that fails', () => {
  it('does not end a call whose task another process runs', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const { work, letGo } = heldFunction()
    const values = new Keyv()
    const options = { name: 'f', asyncTimeout: '25s' } as const
    void rainWith({ tasks, values$: values }).cached(options)(work)(1)
    await pass(0)
    const called = vi.fn()
    rainWith({ tasks, values$: values }).cached(options)(work)(1).then(called, called)
    await pass(1_000)
    const mend = fail('get')
    await pass(1_000)
    mend()
    letGo('value')
    await pass(1_000)
    expect(called).toHaveBeenCalledWith(expect.objectContaining({ value: 'value' }))
  })
})

describe('a store that stays away', () => {
  it('is told after 30 s to whoever follows the task of another process', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const values = new Keyv()
    const options = { name: 'f', asyncTimeout: '1h' } as const
    void rainWith({ tasks, values$: values }).cached(options)(heldFunction().work)(1)
    await pass(0)
    const rejected = vi.fn()
    rainWith({ tasks, values$: values }).cached(options)(heldFunction().work)(1).catch(rejected)
    await pass(1_000)
    fail('get')
    await pass(29_000)
    expect(rejected).not.toHaveBeenCalled()
    await pass(2_000)
    expect(rejected).toHaveBeenCalledWith(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }))
  })
})
