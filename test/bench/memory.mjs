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
const raincheck = (fn = work, maxEntries = 10_000) =>
  createRaincheck({ maxEntries }).cached({ name: 'work', asyncTimeout: '5s', ttl: '1h' })(fn)
const dedupe = (fn = work) => {
  const storage = { type: 'memory', options: { size: 10_000 } }
  const cache = createCache({ ttl: 3_600, storage }).define('work', fn)
  return (input) => cache.work(input)
}
const bento = (fn = work, maxItems = 10_000) => {
  const memory = bentostore().useL1Layer(memoryDriver({ maxItems }))
  const cache = new BentoCache({ default: 'memory', stores: { memory } })
  return ({ id }) => cache.getOrSet({ key: `work:${id}`, ttl: '1h', factory: () => fn({ id }) })
}

const hit = (call) => () => each(100_000, () => call({ id: 42, path: '/a/b', options: { deep: true } }))
await compare({
  name: 'memory hit, object input (async-cache-dedupe)',
  file,
  target: 0.8,
  ours: () => hit(raincheck()),
  theirs: () => hit(dedupe()),
})

const hitInTurn = (call) => () =>
  each(100_000, (n) => call({ id: n % 100, path: '/a/b', options: { deep: true } }))
await compare({
  name: 'memory hit, 100 inputs in turn (async-cache-dedupe)',
  file,
  target: 0.95,
  ours: () => hitInTurn(raincheck()),
  theirs: () => hitInTurn(dedupe()),
})

// Async hooks, which Node 24 does without, cost bentocache more than raincheck.
const MISS_TARGET = Number.parseInt(process.versions.node, 10) < 24 ? 0.9 : 1.2
let fresh = 0
const miss = (call) => () => each(10_000, () => call({ id: ++fresh }))
await compare({
  name: 'miss that completes inside the window (bentocache)',
  file,
  target: MISS_TARGET,
  ours: () => miss(raincheck()),
  theirs: () => miss(bento()),
})

const kilobyte = async ({ id }) => ({ id, text: 'x'.repeat(1_000) })
await compare({
  name: 'the same with a value of 1 kB (bentocache)',
  file,
  target: MISS_TARGET,
  ours: () => miss(raincheck(kilobyte)),
  theirs: () => miss(bento(kilobyte)),
})

const MANY = 200_000
const missAmong = async (call) => {
  for (let n = 0; n < MANY; n++) await call({ id: ++fresh })
  return miss(call)
}
await compare({
  name: 'the same among 200,000 entries (bentocache)',
  file,
  target: MISS_TARGET,
  ours: () => missAmong(raincheck(work, MANY)),
  theirs: () => missAmong(bento(work, MANY)),
})

const fails = async ({ id }) => {
  throw new Error(`no ${id}`)
}
const failing = (call) => () => each(10_000, () => call({ id: ++fresh }).catch(() => {}))
await compare({
  name: 'a call that fails (async-cache-dedupe)',
  file,
  target: 2,
  ours: () => failing(raincheck(fails)),
  theirs: () => failing(dedupe(fails)),
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
  target: 2,
  rounds: 31,
  ours: () => alike(raincheck()),
  theirs: () => alike(dedupe()),
})
