// In memory, against async-cache-dedupe and bentocache.
import { createCache } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { createRaincheck } from '../../dist/index.js'
import { compare, each } from './harness.mjs'

const work = async ({ id }) => ({ value: id })
const rain = createRaincheck()
const ours = rain.cached({ name: 'work', asyncTimeout: '5s', ttl: '1h' })(work)
const dedupe = createCache({ ttl: 3_600, storage: { type: 'memory', options: { size: 10_000 } } }).define(
  'work',
  work,
)
const bento = new BentoCache({
  default: 'memory',
  stores: { memory: bentostore().useL1Layer(memoryDriver({ maxItems: 10_000 })) },
})

const input = () => ({ id: 42, path: '/a/b', options: { deep: true } })
await compare({
  name: 'memory hit, object input (async-cache-dedupe)',
  target: 1,
  ours: () => each(100_000, () => ours(input())),
  theirs: () => each(100_000, () => dedupe.work(input())),
})

let fresh = 0
await compare({
  name: 'miss that completes inside the window (bentocache)',
  target: 1,
  ours: () => each(10_000, () => ours({ id: ++fresh })),
  theirs: () =>
    each(10_000, () => {
      const id = ++fresh
      return bento.getOrSet({ key: `work:${id}`, ttl: '1h', factory: () => work({ id }) })
    }),
})

let runs = 0
const counted = async ({ id }) => {
  runs++
  return { value: id }
}
const oursCounted = rain.cached({ name: 'counted', asyncTimeout: '5s', ttl: '1h' })(counted)
const dedupeCounted = createCache({ ttl: 3_600, storage: { type: 'memory' } }).define('counted', counted)
const alike = 10_000
const atOnce = async (call) => {
  const id = ++fresh
  runs = 0
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: alike }, () => call({ id })))
  if (runs !== 1) throw new Error(`${alike} identical calls ran ${runs} times`)
  return ((performance.now() - startedAt) * 1_000) / alike
}
await compare({
  name: '10,000 identical calls at once (async-cache-dedupe)',
  target: 1.3,
  rounds: 31,
  ours: () => atOnce(oursCounted),
  theirs: () => atOnce(dedupeCounted.counted.bind(dedupeCounted)),
})
await rain.close()
