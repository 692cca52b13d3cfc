import { describe, expect, it, vi } from 'vitest'
import type { CallOptions, TaskHandle } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { held, processes } from '../../support/on-one-file.js'
import { pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

const config = '/home/me/raincheck.config.js'

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

describe('R3: a call for a key that another process runs', () => {
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

  it('R12: gets an older value in its grace when that takes longer or fails, but not when it is cancelled', async () => {
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

describe('a task of another process', () => {
  it('R14: that settles while it is cancelled was too soon for that', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    const owner = held(rainWith({ tasks }))
    const { ref } = await owner.call(1)
    const settling = { ...tasks, revoke: afterwards(owner.letGo, tasks.revoke) }
    const cancelling = rainWith({ tasks: settling }).cancel(ref)
    await pass(0)
    expect(await cancelling).toBe('already-settled')
  })

  it('R15: that fails while it is looked at for a retry is retried', async () => {
    useFakeTime()
    const tasks = { ...slowable(memoryTaskStore()), shared: true }
    const owner = held(rainWith({ tasks }))
    const { ref } = await owner.call(1)
    await pass(0)
    let isFirst = true
    const get: typeof tasks.get = async (wanted) => {
      const record = await tasks.get(wanted)
      const copy = record && { ...record }
      if (isFirst) owner.fail(new Error('no'))
      isFirst = false
      await new Promise((resolve) => setTimeout(resolve, 100))
      return copy
    }
    const other = rainWith({ tasks: { ...tasks, get } })
    const { runs } = held(other)
    const retrying = other.retry(ref)
    await pass(1_000)
    expect((await retrying).ref).not.toBe(ref)
    expect(runs).toEqual([1])
  })

  it('R10: that was forgotten meanwhile ends for who waits in its own process, and leaves nothing', async () => {
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

  it('is waited for no longer than until a close', async () => {
    const open = await processes()
    const [one, other] = [open(), open()]
    const { ref } = await held(one).call(1)
    const waiting = expect(other.poll(ref, { wait: '1h' })).rejects.toMatchObject({ code: 'CLOSED' })
    await other.close()
    await waiting
  })
})

describe('R19: of processes that look for tasks nobody runs', () => {
  it('exactly one takes each over', async () => {
    const open = await processes()
    const giver = open(config)
    giver.queue.pause()
    const { call } = held(giver)
    const refs = await Promise.all(Array.from({ length: 10 }, async (_, n) => (await call(n)).ref))
    await giver.close()
    const others = [open(config), open(config), open(config)]
    for (const other of others) held(other)
    const taken = await Promise.all(others.map((other) => other.recover()))
    expect(taken.flat().sort()).toEqual([...refs].sort())
  })

  it('R21: one that is closed meanwhile takes none', async () => {
    const open = await processes()
    const giver = open(config)
    giver.queue.pause()
    await held(giver).call(1)
    await giver.close()
    const other = open(config)
    held(other)
    const [taken] = await Promise.all([other.recover(), other.close()])
    expect(taken).toEqual([])
  })

  it('the one that had it is told by its signal, and what it comes to is nobody’s', async () => {
    const open = await processes()
    const [old, successor] = [open(config), open(config)]
    const signals: AbortSignal[] = []
    const { ref } = await old.cached({ name: 'f', asyncTimeout: 0 })((_: number, task: TaskHandle) => {
      signals.push(task.signal)
      return new Promise(() => {})
    })(1)
    await expect.poll(() => signals.length).toBe(1)
    held(successor)
    expect(await successor.recover({ endedOwner: old.owner })).toEqual([ref])
    await expect.poll(() => signals[0]?.reason, { timeout: 5_000 }).toMatchObject({ code: 'INTERRUPTED' })
    expect((await successor.poll(ref)).status).toBe('processing')
  })

  it('R21: who waits for the bare value is told where it goes on', async () => {
    const open = await processes()
    const one = open(config)
    const { call } = held(one)
    const waiting = expect(call.value(1)).rejects.toMatchObject({
      code: 'CLOSED',
      message: expect.stringMatching(/^f goes on in another process, .*; poll rc_\w{22} there$/),
    })
    await one.poll((await call(1)).ref)
    await one.close({ drain: 0 })
    await waiting
  })
})

/** The same operation, after something else has happened and its consequences. */
function afterwards<A extends unknown[], R>(
  happen: (value: string) => void,
  operation: (...args: A) => Promise<R>,
) {
  return async (...args: A) => {
    happen('done')
    await new Promise((resolve) => setTimeout(resolve, 0))
    return operation(...args)
  }
}
