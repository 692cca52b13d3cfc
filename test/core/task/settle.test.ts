import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { createRaincheck, type TaskHandle } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { down, rainOn, shared, sharedTasks } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

/** A task that was handed off and runs, with what its function may still do. */
async function running(options: object = {}) {
  useFakeTime()
  const rain = createRaincheck()
  const { work, ...held } = heldFunction()
  let tell = (_: string) => {}
  const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1h', errorTtl: '1h', ...options })(
    (input: number, task) => {
      tell = (message) => task.progress({ message })
      return work(input)
    },
  )
  const { ref } = await call(1)
  await pass(0)
  return { rain, call, ref, tell: (message: string) => tell(message), ...held }
}

describe('a settled task never changes', () => {
  it.each(['a value', 'an error'])('by %s that comes after a cancel', async (kind) => {
    const { rain, call, ref, runs, letGo, fail } = await running()
    await rain.cancel(ref)
    const settled = await rain.poll(ref)
    expect(settled.status).toBe('cancelled')
    if (kind === 'a value') letGo('too late')
    else fail(new Error('too late'))
    await pass(60_000)
    expect(await rain.poll(ref)).toEqual(settled)
    // Nor is what came too late the answer of its key.
    expect((await call(1)).ref).not.toBe(ref)
    await pass(0)
    expect(runs).toHaveLength(2)
  })

  it.each(['a cancel', 'a timeout'])(
    'by the end of work that %s was too soon for: one end is told',
    async (how) => {
      const { rain, ref, letGo } = await running({ timeout: '10s' })
      const told: string[] = []
      for (const event of ['complete', 'fail', 'cancel'] as const) rain.on(event, () => told.push(event))
      if (how === 'a cancel') await rain.cancel(ref)
      else await pass(10_000)
      letGo('too late')
      await pass(60_000)
      expect(told).toEqual([how === 'a cancel' ? 'cancel' : 'fail'])
    },
  )

  it('by progress that is told after its end, which no event tells either', async () => {
    const { rain, ref, tell, letGo } = await running()
    tell('half')
    letGo('value')
    await pass(1_000)
    const settled = await rain.poll(ref)
    const told = vi.fn()
    rain.on('progress', told)
    tell('more than all')
    await pass(1_000)
    expect(told).not.toHaveBeenCalled()
    expect(await rain.poll(ref)).toEqual(settled)
  })

  it('by a cancel, and says so', async () => {
    const { rain, ref, letGo } = await running()
    letGo('value')
    await pass(0)
    const settled = await rain.poll(ref)
    expect(await rain.cancel(ref)).toBe('already-settled')
    expect(await rain.poll(ref)).toEqual(settled)
    expect(settled).toMatchObject({ status: 'complete', value: 'value' })
  })

  it('by a timeout that would have come later', async () => {
    const { rain, ref, letGo } = await running({ timeout: '10s' })
    letGo('in time')
    await pass(0)
    const settled = await rain.poll(ref)
    await pass(20_000)
    expect(await rain.poll(ref)).toEqual(settled)
    expect(settled).toMatchObject({ status: 'complete', value: 'in time' })
  })

  it('by a late value of its first run, while the key has a new task: that one has its own', async () => {
    const { rain, call, ref, letGo } = await running()
    await rain.cancel(ref)
    const second = await call(1)
    await pass(0)
    letGo('of the first')
    await pass(0)
    expect((await rain.poll(second.ref)).status).toBe('processing')
    letGo('of the second')
    await pass(0)
    expect(await rain.poll(second.ref)).toMatchObject({ status: 'complete', value: 'of the second' })
    expect(await call(1)).toMatchObject({ ref: second.ref, value: 'of the second' })
    expect((await rain.poll(ref)).status).toBe('cancelled')
  })
})

describe('a task whose function', () => {
  it('asks after it was cancelled is told so, and the end stays as it is', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const asked = vi.fn()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (n: number, task: TaskHandle) => {
      await work(n)
      return task.ask('colour', 'Which?').catch(asked)
    })
    const { ref } = await call(1)
    await pass(0)
    await rain.cancel(ref)
    const settled = await rain.poll(ref)
    letGo('on with it')
    await pass(1_000)
    expect(asked).toHaveBeenCalledWith(expect.objectContaining({ code: 'CANCELLED' }))
    expect(await rain.poll(ref)).toEqual(settled)
    expect(settled).not.toHaveProperty('requests')
  })
})

describe('writes', () => {
  it('a settle that landed although its answer was lost is no second one', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    const { settle } = tasks
    const settled = vi.fn()
    tasks.settle = async (...args) => {
      settled(await settle(...args))
      if (settled.mock.calls.length === 1) throw new Error('the answer was lost')
      return settled.mock.lastCall?.[0]
    }
    const rain = rainWith({ tasks })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 'value')()
    await pass(1_000)
    expect(settled.mock.calls).toEqual([[true], [false]])
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'value' })
  })
})

describe('a store that is away when a task ends', () => {
  it('gets the end that came first, though a close came before it was back', async () => {
    useFakeTime()
    const store = shared()
    const { rain, call, mend } = rainOn(store, { settle: down })
    const { ref } = await call(1)
    await pass(600_000)
    const closing = rain.close({ drain: '1m' })
    mend()
    await pass(60_000)
    await closing
    expect(await rainOn(store).rain.poll(ref)).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT' } })
  })
})

describe('a value that cannot be stored', () => {
  it.each([{}, { refresh: true }])('is not the answer of later calls, with ttl 0: %o', async (options) => {
    useFakeTime()
    const values = new Keyv()
    values.set = () => Promise.reject(new Error('down'))
    let runs = 0
    const call = createRaincheck({ store: values }).cached({ name: 'f', asyncTimeout: '1s' })(
      async (_: number) => ++runs,
    )
    expect(await call(1)).toMatchObject({ value: 1 })
    await pass(3_600_000)
    expect(await call(1, options)).toMatchObject({ value: 2 })
  })
})

describe('of two values that could not be stored', () => {
  it('the newer one counts, whichever is stored first', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const mend = fail('start')
    let runs = 0
    const rain = rainWith({ tasks })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1d' })(async (_: number) => ++runs)
    expect(await call(1)).toMatchObject({ value: 1 })
    await pass(20_000)
    expect(await call(1, { refresh: true })).toMatchObject({ value: 2 })
    mend()
    await pass(120_000)
    expect(await call(1)).toMatchObject({ value: 2 })
  })
})
