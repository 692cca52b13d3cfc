import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { bullmq } from '../../../dist/backends/bullmq/index.js'
import { createRaincheck, type RaincheckOptions, type Ref, type TaskHandle } from '../../../dist/index.js'
import { heldFunction } from '../../support/rain.js'
import { hasRedis, redisDatabases } from '../../support/redis.js'

const patience = { timeout: 20_000, interval: 10 }

const config = { concurrency: 1 }

describe.skipIf(!hasRedis)('jobs that are there already, or no longer', () => {
  const newDatabase = redisDatabases()

  /** The queue and the store of one test. */
  function database() {
    const { url, ...rest } = newDatabase()
    const open = ({ concurrency } = config, options: RaincheckOptions = {}) => {
      const backend = options.backend ?? bullmq({ connection: url, concurrency })
      const rain = createRaincheck({ store: url, app: 'queue', backend, ...options })
      onTestFinished(() => rain.close({ drain: 0 }))
      const { work, ...held } = heldFunction<number>()
      return { rain, backend, call: rain.cached({ name: 'f', asyncTimeout: '60s' })(work), ...held }
    }
    return { open, ...rest }
  }

  it.each(['complete', 'failed'])(
    'one that is %s by the time its task is taken over is not run again',
    async (status) => {
      const { open, count } = database()
      const giver = open({ concurrency: 0 })
      const { ref } = await giver.call(1, { asyncTimeout: 0 })
      await vi.waitUntil(() => count('prioritized') === 1, patience)
      await giver.rain.close()
      const worker = open()
      await vi.waitUntil(() => worker.runs.length === 1, patience)
      if (status === 'complete') worker.letGo('value')
      else worker.fail(new RangeError('no'))
      await vi.waitUntil(() => count('completed') + count('failed') === 1, patience)
      expect(await worker.rain.recover()).toEqual([ref])
      expect(await worker.rain.poll(ref, { wait: '20s' })).toMatchObject(
        status === 'complete'
          ? { status, value: 'value' }
          : { status, error: { name: 'RangeError', message: 'no' } },
      )
      expect(worker.runs).toEqual([1])
    },
  )

  it('equal calls of two rainchecks on one backend are one job; when one cancels, the other gives it again', {
    timeout: 90_000,
  }, async () => {
    const { open, jobs } = database()
    const one = open(config, { store: undefined as never })
    const other = open(config, { store: undefined as never, backend: one.backend })
    const runs = () => one.runs.length + other.runs.length
    const [first, second] = [await one.call(1, { asyncTimeout: 0 }), other.call(1)]
    await vi.waitUntil(() => runs() === 1, patience)
    for (const { letGo } of [one, other]) letGo('value')
    expect(await one.rain.poll(first.ref, { wait: '20s' })).toMatchObject({ value: 'value' })
    expect(await second).toMatchObject({ value: 'value' })
    expect(runs()).toBe(1)
    one.rain.queue.pause()
    const third = await one.call(2, { asyncTimeout: 0 })
    const fourth = other.call(2)
    await vi.waitUntil(() => one.rain.queue.stats().waiting === 2, patience)
    const isQueued = () => jobs().some((key) => key.endsWith(third.ref))
    await vi.waitUntil(isQueued, patience)
    expect(await one.rain.cancel(third.ref)).toBe('cancelled')
    // A job that is still in the queue when it resumes is run.
    await vi.waitUntil(() => !isQueued(), patience)
    one.rain.queue.resume()
    // Where the removal was not heard it is noticed at a look, 10 to 15 s later.
    await vi.waitUntil(() => runs() === 2, { ...patience, timeout: 60_000 })
    for (const { letGo } of [one, other]) letGo('again')
    expect(await fourth).toMatchObject({ value: 'again' })
  })

  it('one that the server has lost is given again, when nothing was heard of it for a while', async () => {
    const { open, jobs, command } = database()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const giver = open({ concurrency: 0 })
    const answer = giver.call(1)
    await vi.waitUntil(() => jobs().length === 1, patience)
    for (const key of command('keys', 'bull:raincheck:*').split('\n')) command('del', key)
    expect(jobs()).toEqual([])
    await vi.waitUntil(() => {
      vi.advanceTimersByTime(5_000)
      return jobs().length === 1
    }, patience)
    vi.useRealTimers()
    const worker = open()
    await vi.waitUntil(() => worker.runs.length === 1, patience)
    worker.letGo('value')
    expect(await answer).toMatchObject({ status: 'complete', value: 'value' })
  })

  it('a function that asks is asked for by each who gave an equal job, and goes on with each one’s answer', async () => {
    const { open } = database()
    const choose = (_: string, task: TaskHandle) => task.ask('colour', 'Which?')
    const rains = [open(config, { store: undefined as never }), open(config, { store: undefined as never })]
    const calls = rains.map(({ rain }) => rain.cached({ name: 'choose', asyncTimeout: '60s' })(choose))
    const asked = await Promise.all(calls.map((call) => call('shirt')))
    for (const answer of asked) expect(answer).toMatchObject({ requests: { colour: 'Which?' } })
    const values = await Promise.all(
      rains.map(async ({ rain }, at) => {
        const ref = asked[at]?.ref as Ref
        await rain.answer(ref, { colour: 'red' })
        return rain.poll(ref, { wait: '20s' })
      }),
    )
    expect(values).toMatchObject([{ value: 'red' }, { value: 'red' }])
  })
})
