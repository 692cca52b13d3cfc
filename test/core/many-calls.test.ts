import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck } from '../../src/index.js'
import { times } from '../support/long.js'
import { useFakeTime } from '../support/rain.js'

const CALLS = times(1_000_000, 13_000)
/** Fake timers take the longer the more of them wait. */
const AT_ONCE = 130
const SAMPLES = 20
/** What a process may hold more after all rounds than after the first ones, in bytes: far less than a thousandth of what they made. */
const MOST_GROWTH = 4_000_000

type Raincheck = ReturnType<typeof createRaincheck>

/** Each kind makes one call of its own, by number, and waits for what becomes of it. */
function kindsOf(rain: Raincheck, signal: AbortSignal) {
  const ignore = () => {}
  const options = { asyncTimeout: '1s' } as const
  const quick = rain.cached({ ...options, name: 'quick', ttl: '1m' })(async (n: number) => ({ n }))
  const fails = rain.cached({ ...options, name: 'fails', errorTtl: '1s' })(async (n: number) => {
    throw new Error(`no ${n}`)
  })
  const retried = rain.cached({ ...options, name: 'retried', retries: 2, retryDelay: '10ms' })(
    async (n: number, { attempt }) => {
      if (attempt < 3) throw new Error('again')
      return n
    },
  )
  const slow = rain.cached({ ...options, name: 'slow', grace: '1h' })(
    (n: number) => new Promise((resolve) => setTimeout(resolve, 2_000, n)),
  )
  const endless = rain.cached({ ...options, name: 'endless', timeout: '1s' })(() => new Promise(ignore))
  const outer = rain.cached({ ...options, name: 'outer' })(async (n: number) => (await quick.value(n)).n + 1)
  const told = rain.cached({ ...options, name: 'told' })(async (_: number, task) => {
    task.progress({ current: 1, total: 2 })
    task.log('half')
  })
  return [
    (n: number) => quick(n),
    (n: number) => quick(n % 10),
    (n: number) => Promise.all([quick(n), quick(n), quick(n, { refresh: true })]),
    (n: number) => quick(n, { signal, scope: `user ${n % 7}`, priority: n % 3 }),
    (n: number) => fails(n).catch(ignore),
    (n: number) => retried(n),
    (n: number) => endless(n).catch(ignore),
    (n: number) => outer(n),
    (n: number) => told(n, { onProgress: ignore }),
    async (n: number) => {
      const { ref } = await slow(n, { asyncTimeout: 0 })
      await rain.poll(ref, { wait: '1m', signal })
    },
    async (n: number) => {
      const { ref } = await endless(n, { asyncTimeout: 0 })
      await rain.cancel(ref)
    },
    (n: number) => slow(n, { signal: AbortSignal.abort() }).catch(ignore),
    (n: number) => quick({} as number, { priority: n }).catch(ignore),
  ]
}

it(`leaves nothing behind after ${CALLS.toLocaleString('en')} calls of all kinds`, {
  timeout: 600_000,
}, async () => {
  useFakeTime()
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  const rain = createRaincheck({ concurrency: 100, maxEntries: 1_000 })
  const { signal } = new AbortController()
  const kinds = kindsOf(rain, signal)
  const heaps: number[] = []
  let made = 0
  while (made < CALLS) {
    const calls: Promise<unknown>[] = []
    for (let index = 0; index < AT_ONCE; index++, made++)
      calls.push((kinds[made % kinds.length] as (typeof kinds)[number])(made))
    const all = Promise.all(calls)
    for (await setImmediate(); rain.busy; await setImmediate()) vi.advanceTimersByTime(1_000)
    await all
    if (made >= (heaps.length * CALLS) / SAMPLES) heaps.push(heapUsed())
  }
  await rain.prune({ olderThan: 0 })
  expect(rain.queue.stats()).toMatchObject({ waiting: 0, running: 0 })
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  expect(vi.getTimerCount()).toBe(0)
  const [early = 0, late = 0] = [heaps.slice(2, 7), heaps.slice(-5)].map((some) => Math.min(...some))
  expect(late - early).toBeLessThan(MOST_GROWTH)
  expect(unhandled).not.toHaveBeenCalled()
})

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
