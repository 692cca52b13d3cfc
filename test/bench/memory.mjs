// In memory, against async-cache-dedupe and bentocache.
import { createCache } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { createRaincheck } from '../../dist/index.js'
import { compare, each } from './harness.mjs'

const file = import.meta.url
let runs = 0
const work = async ({ id }) => {
  runs++
  return { value: id }
}
const raincheck = () => createRaincheck().cached({ name: 'work', asyncTimeout: '5s', ttl: '1h' })(work)
const dedupe = () => {
  const storage = { type: 'memory', options: { size: 10_000 } }
  const cache = createCache({ ttl: 3_600, storage }).define('work', work)
  return (input) => cache.work(input)
}
const bento = () => {
  const memory = bentostore().useL1Layer(memoryDriver({ maxItems: 10_000 }))
  const cache = new BentoCache({ default: 'memory', stores: { memory } })
  return ({ id }) => cache.getOrSet({ key: `work:${id}`, ttl: '1h', factory: () => work({ id }) })
}

const hit = (call) => () => each(100_000, () => call({ id: 42, path: '/a/b', options: { deep: true } }))
await compare({
  name: 'memory hit, object input (async-cache-dedupe)',
  file,
  target: 1,
  ours: () => hit(raincheck()),
  theirs: () => hit(dedupe()),
})

const hitInTurn = (call) => () =>
  each(100_000, (n) => call({ id: n % 100, path: '/a/b', options: { deep: true } }))
await compare({
  name: 'memory hit, 100 inputs in turn (async-cache-dedupe)',
  file,
  target: 1,
  ours: () => hitInTurn(raincheck()),
  theirs: () => hitInTurn(dedupe()),
})

let fresh = 0
const miss = (call) => () => each(10_000, () => call({ id: ++fresh }))
await compare({
  name: 'miss that completes inside the window (bentocache)',
  file,
  target: 1,
  ours: () => miss(raincheck()),
  theirs: () => miss(bento()),
})

const ALIKE = 10_000
const alike = (call) => async () => {
  const id = ++fresh
  runs = 0
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: ALIKE }, () => call({ id })))
  if (runs !== 1) throw new Error(`${ALIKE} identical calls ran ${runs} times`)
  return ((performance.now() - startedAt) * 1_000) / ALIKE
}
await compare({
  name: '10,000 identical calls at once, a call (async-cache-dedupe)',
  file,
  target: 1.3,
  rounds: 31,
  ours: () => alike(raincheck()),
  theirs: () => alike(dedupe()),
})
