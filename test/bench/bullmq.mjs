// BullMQ with raincheck's records, scopes and values around it, against BullMQ alone: the same queue settings, a server of
// this bench's own, one process that both gives and runs.
import { spawn, spawnSync } from 'node:child_process'
import { Queue, QueueEvents, Worker } from 'bullmq'
import { bullmq } from '../../dist/backends/bullmq/index.js'
import { createRaincheck } from '../../dist/index.js'
import { freePort } from '../support/free-port.mjs'
import { compare, each, rate } from './harness.mjs'

const CONCURRENCY = 50
const TASKS = 2_000
// Far more than one sample: a side answers with the median.
const LATENCIES = 300

if (spawnSync('redis-server', ['--version']).status !== 0) {
  console.log('BullMQ: skipped, there is no redis-server on this machine')
  process.exit()
}

const isSide = process.argv[2] !== undefined
const server = isSide ? undefined : await startRedis()
process.env.BENCH_REDIS_PORT ??= String(server?.port)
const port = Number(process.env.BENCH_REDIS_PORT)
const url = `redis://127.0.0.1:${port}`
let fresh = 0

const ours = (queue) => {
  const backend = bullmq({ connection: url, queue, concurrency: CONCURRENCY })
  const rain = createRaincheck({ store: url, app: 'bench', backend })
  return rain.cached({ name: 'work', asyncTimeout: '1m' })(async ({ n }) => n)
}

const theirs = async (name) => {
  const connection = { host: '127.0.0.1', port }
  const queue = new Queue(name, { connection })
  const events = new QueueEvents(name, { connection })
  events.setMaxListeners(0)
  queue.setMaxListeners(0)
  new Worker(name, async ({ data }) => data.n, { connection, concurrency: CONCURRENCY })
  await events.waitUntilReady()
  return async (input) => {
    const job = await queue.add('work', input, {
      removeOnComplete: { age: 60 },
      jobId: `id-${process.pid}-${input.n}`,
    })
    return job.waitUntilFinished(events)
  }
}

const answered = (call) => () => rate(TASKS, CONCURRENCY, () => call({ n: ++fresh }))
await compare({
  name: `BullMQ, trivial tasks answered, ${CONCURRENCY} at once (BullMQ alone)`,
  file: import.meta.url,
  target: 0.8,
  rates: true,
  unit: '/s',
  ours: () => answered(ours('ours-rate')),
  theirs: async () => answered(await theirs('theirs-rate')),
})

const median = (call) => async () => {
  const times = []
  for (let at = 0; at < LATENCIES; at++) times.push(await each(1, () => call({ n: ++fresh })))
  return times.sort((one, other) => one - other)[LATENCIES / 2]
}
await compare({
  name: 'BullMQ, from the call to its answer, p50 (BullMQ alone)',
  file: import.meta.url,
  target: 2,
  ours: () => median(ours('ours-latency')),
  theirs: async () => median(await theirs('theirs-latency')),
})

await server?.stop()

async function startRedis() {
  const port = await freePort()
  const child = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  process.on('exit', () => child.kill())
  // ioredis and BullMQ wait for it.
  return { port, stop: () => child.kill() && exited }
}
