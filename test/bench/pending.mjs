// How much memory a task takes that was handed off and waits; in a process that does nothing else.
import { createRaincheck } from '../../dist/index.js'
import { printRow } from './harness.mjs'

const COUNT = 100_000
const MOST_BYTES = 2_800
const rain = createRaincheck({ concurrency: 1 })
const call = rain.cached({ name: 'waits', asyncTimeout: 0 })(() => new Promise(() => {}))
for (let n = 0; n < 1_000; n++) await call({ warmUp: n })

const heap = () => {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
const before = heap()
const refs = []
for (let n = 0; n < COUNT; n++) refs.push((await call({ n })).ref)
const bytes = (heap() - before) / COUNT

if (new Set(refs).size !== COUNT) throw new Error('two tasks have one ref')
const { waiting } = rain.queue.stats()
if (waiting < COUNT) throw new Error(`only ${waiting} of ${COUNT} tasks wait`)
const met = bytes <= MOST_BYTES
printRow(
  'heap of a task that waits, of 100,000',
  `${Math.round(bytes)} B`,
  '',
  '',
  `at most ${MOST_BYTES} B`,
  met,
)
process.exit()
