// What one operation costs among many of its kind, beside the same among few. What grows with their number would cost 10 to 20 times as much; a
// larger heap alone costs up to twice as much.
import { createRaincheck } from '../../dist/index.js'
import { compare } from './harness.mjs'

const file = import.meta.url
const never = () => new Promise(() => {})
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Microseconds that each of `count` takes. */
const timed = async (count, work) => {
  const startedAt = performance.now()
  await work()
  return ((performance.now() - startedAt) * 1_000) / count
}

const row = (name, few, many, prepare) =>
  compare({
    name,
    file,
    target: 3,
    rounds: 5,
    warmUps: 1,
    ours: () => prepare(many),
    theirs: () => prepare(few),
  })

await row('a poll that waits, of 40,000 of one ref (of 2,000)', 2_000, 40_000, (count) => async () => {
  const rain = createRaincheck()
  let letGo
  const call = rain.cached({ name: 'held', asyncTimeout: 0 })(
    () =>
      new Promise((resolve) => {
        letGo = resolve
      }),
  )
  const { ref } = await call()
  return timed(count, async () => {
    const polls = Array.from({ length: count }, () => rain.poll(ref, { wait: '1m' }))
    await turn()
    letGo('value')
    await Promise.all(polls)
  })
})

await row(
  'a caller that follows its task, of 2,000 (of 200)',
  200,
  2_000,
  (count) => () =>
    timed(count, async () => {
      const rain = createRaincheck({ concurrency: count })
      const call = rain.cached({ name: 'steps', asyncTimeout: '1m' })(async (_, task) => {
        for (let current = 1; current <= 10; current++) {
          task.progress({ current, total: 10 })
          await turn()
        }
      })
      let reports = 0
      const onProgress = () => reports++
      await Promise.all(Array.from({ length: count }, (_, n) => call(n, { onProgress })))
      if (reports !== 10 * count) throw new Error(`${reports} reports for ${count} callers`)
    }),
)

await row(
  'a call with a signal, of 10,000 that share one (of 500)',
  500,
  10_000,
  (count) => () =>
    timed(count, async () => {
      const { signal } = new AbortController()
      const call = createRaincheck().cached({ name: 'turn', asyncTimeout: '1m' })(turn)
      await Promise.all(Array.from({ length: count }, (_, n) => call(n, { signal })))
    }),
)

for (const [scopes, perScope] of [
  [1, undefined],
  [10_000, undefined],
  [1, 1],
  [10_000, 1],
])
  await row(
    `a task that waits, of 100,000 in ${scopes.toLocaleString('en')} scopes${perScope ? ', perScope 1' : ''} (of 10,000)`,
    10_000,
    100_000,
    (count) => () =>
      timed(count, async () => {
        const limits = perScope ? { perScope } : {}
        const rain = createRaincheck({ concurrency: 2, maxEntries: 1_000, ...limits })
        const call = rain.cached({ name: 'quick', asyncTimeout: '1m' })(async (n) => n)
        await Promise.all(Array.from({ length: count }, (_, n) => call(n, { scope: String(n % scopes) })))
      }),
  )

await row('a task pruned by age, of 1,000,000 (of 50,000)', 50_000, 1_000_000, (count) => async () => {
  const rain = createRaincheck({ maxEntries: 2 * count })
  const waiting = rain.cached({ name: 'waits', asyncTimeout: 0 })(never)
  await waiting()
  const call = rain.cached({ name: 'quick', asyncTimeout: '1m' })(async (n) => n)
  for (let n = 0; n < count; n++) await call(n)
  await new Promise((resolve) => setTimeout(resolve, 2))
  return timed(count, async () => {
    const pruned = await rain.prune({ olderThan: '1ms' })
    if (pruned < 0.99 * count) throw new Error(`${pruned} of ${count} were pruned`)
  })
})
