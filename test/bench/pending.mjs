// How much memory a task takes that was handed off and waits. Run with --expose-gc.
import { createRaincheck } from '../../dist/index.js'
import { row } from './harness.mjs'

const count = 100_000
const rain = createRaincheck({ concurrency: 1 })
const call = rain.cached({ name: 'waits', asyncTimeout: 0 })(() => new Promise(() => {}))
for (let n = 0; n < 1_000; n++) await call({ warmUp: n })

const heap = () => {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
const before = heap()
const refs = []
for (let n = 0; n < count; n++) refs.push((await call({ n })).ref)
const bytes = (heap() - before) / count
if (new Set(refs).size !== count) throw new Error('two tasks have one ref')
row(
  'heap of a task that waits, of 100,000',
  `${Math.round(bytes)} B`,
  '',
  '',
  'at most 3,000 B',
  bytes <= 3_000,
)
process.exit()
