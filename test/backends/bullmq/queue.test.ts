import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type BullmqOptions, bullmq } from '../../../dist/backends/bullmq/index.js'
import { createRaincheck, type RaincheckOptions } from '../../../dist/index.js'
import { heldFunction } from '../../support/rain.js'
import { hasRedis, redisDatabases } from '../../support/redis.js'

const patience = { timeout: 20_000, interval: 10 }

describe.skipIf(!hasRedis)('a queue', () => {
  const newDatabase = redisDatabases()

  /** The queue and the store of one test. */
  function database() {
    const { url, connection, ...rest } = newDatabase()
    const open = (more: Partial<BullmqOptions> = {}, options: RaincheckOptions = {}) => {
      const backend = bullmq({ connection, concurrency: 1, ...more })
      const rain = createRaincheck({ store: url, app: 'queue', backend, ...options })
      onTestFinished(() => rain.close({ drain: 0 }))
      const { work, ...held } = heldFunction<number>()
      return { rain, call: rain.cached({ name: 'f', asyncTimeout: '60s' })(work), ...held }
    }
    return { open, connection, ...rest }
  }

  it('runs no more at once on all machines than `globalConcurrency`', async () => {
    const { open } = database()
    const workers = [open({ globalConcurrency: 1 }), open({ globalConcurrency: 1 })]
    const [{ call } = workers[0] as never] = [workers[0] as ReturnType<typeof open>]
    const answers = Promise.all([call(1), call(2), call(3)])
    const runs = () => workers.flatMap((worker) => worker.runs)
    for (let done = 0; done < 3; done++) {
      await vi.waitUntil(() => runs().length > done, patience)
      expect(runs()).toHaveLength(done + 1)
      for (const worker of workers) worker.letGo('value')
    }
    expect((await answers).map(({ status }) => status)).toEqual(Array(3).fill('complete'))
  })

  it('a close waits for what runs here for as long as it is told, and its caller gets the value', async () => {
    const { open } = database()
    const { rain, call, letGo } = open()
    const answer = call(1)
    await vi.waitUntil(async () => (await rain.list({ status: 'processing' })).tasks.length === 1, patience)
    const closing = rain.close({ drain: '20s' })
    letGo('in time')
    expect(await answer).toMatchObject({ status: 'complete', value: 'in time' })
    await closing
  })

  it('a close that comes while it is opened leaves no connection open', async () => {
    const { open, command } = database()
    const clients = () => command('client', 'list').split('\n').length
    const before = clients()
    const rains = [open(), open(), open()].map(({ rain }) => rain)
    await new Promise((resolve) => setImmediate(resolve))
    await Promise.all(rains.map((rain) => rain.close()))
    await vi.waitUntil(() => clients() === before, patience)
  })

  it('a task that is cancelled on its way into the queue never runs, and nothing is left of it there', async () => {
    const { open, jobs } = database()
    const giver = open({ concurrency: 0 })
    const { ref } = await giver.call(1, { asyncTimeout: 0 })
    expect(await giver.rain.cancel(ref)).toBe('cancelled')
    const second = giver.call(2)
    await vi.waitUntil(() => jobs().length === 1, patience)
    const worker = open()
    await vi.waitUntil(() => worker.runs.length === 1, patience)
    worker.letGo('value')
    await second
    expect(worker.runs).toEqual([2])
    expect((await giver.rain.poll(ref)).status).toBe('cancelled')
  })

  it('a new priority moves a job that waits, also in a queue that was paused before the first use', async () => {
    const { open, jobs, command } = database()
    const { rain, call, runs, letGo } = open()
    rain.queue.pause()
    const refs = await Promise.all([1, 2, 3].map(async (n) => (await call(n, { asyncTimeout: 0 })).ref))
    await vi.waitUntil(() => jobs().length === 3, patience)
    expect(rain.queue.stats()).toMatchObject({ waiting: 3, running: 0, paused: true })
    rain.queue.setPriority(refs[2] as never, 5)
    // As BullMQ writes it: lower is first, and the middle of its range is ours of 0.
    const written = () => command('hget', `bull:raincheck:${refs[2]}`, 'priority')
    await vi.waitUntil(() => written() === String(2 ** 20 - 5), patience)
    rain.queue.resume()
    for (let done = 0; done < 3; done++) {
      await vi.waitUntil(() => runs.length > done, patience)
      letGo('value')
    }
    await Promise.all(refs.map((ref) => rain.poll(ref as never, { wait: '20s' })))
    expect(runs).toEqual([3, 1, 2])
  })

  it('a job that somebody removes from it fails its task, and says so', async () => {
    const { open, jobs, connection } = database()
    const { rain, call } = open()
    rain.queue.pause()
    const answer = call(1).catch((error: unknown) => error)
    await vi.waitUntil(() => jobs().length === 1, patience)
    const [{ Queue }, [key = '']] = [await import('bullmq'), jobs()]
    const queue = new Queue('raincheck', { connection })
    expect(await queue.remove(key.replace('bull:raincheck:', ''))).toBe(1)
    await queue.close()
    expect(await answer).toMatchObject({
      code: 'INTERRUPTED',
      message: expect.stringContaining('was removed from the queue; make the same call again'),
    })
  })

  it('a job whose function no process knows for a minute fails its task, and says what to start', async () => {
    const { open, command, jobs } = database()
    const { call } = open({ concurrency: 0 })
    const answer = call(1).catch((error: unknown) => error)
    await vi.waitUntil(() => jobs().length === 1, patience)
    open({ concurrency: 1 }, { app: 'stranger' })
    const [key = ''] = jobs()
    const times = () => Number(command('hget', key, 'ats'))
    await vi.waitUntil(() => times() === 2, patience)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    onTestFinished(() => void vi.useRealTimers())
    expect(await answer).toMatchObject({
      code: 'FUNCTION_NOT_REGISTERED',
      message: expect.stringMatching(/knows the function \["queue","f","1"\]; start one that wraps it, then/),
    })
  })

  it('an input that cannot be written fails its own call, and not those of the same moment', async () => {
    const { open } = database()
    const { rain } = open({ concurrency: 2 })
    const count = rain.cached({ name: 'count', asyncTimeout: '60s', key: ({ id }: { id: number }) => id })(
      async ({ id }: { id: number; callback?: () => void }) => id,
    )
    const calls = [count({ id: 1 }), count({ id: 2, callback: () => {} }), count({ id: 3 })]
    const [one, two, three] = await Promise.allSettled(calls)
    expect(two).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_VALUE' } })
    expect([one, three]).toMatchObject([1, 3].map((value) => ({ value: { status: 'complete', value } })))
  })

  it('of progress that is told quickly the last goes out before the value', async () => {
    const { open } = database()
    const { rain } = open()
    const told: unknown[] = []
    rain.on('progress', ({ progress }) => told.push(progress.current))
    const tell = rain.cached({ name: 'tell', asyncTimeout: '60s' })(async (total: number, task) => {
      for (let current = 1; current <= total; current++) task.progress({ current, total })
      return 'told'
    })
    await tell(50)
    expect(told).toEqual([1, 50])
  })
})
