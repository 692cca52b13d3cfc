// 1,000 tasks on three processes of a queue, while those are killed 20 times and the server once: none may be lost.
// Needs redis-server, and `npm run build` before. Prints what it did, and fails when a value is missing or wrong.
import { fork, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bullmq } from '../dist/backends/bullmq/index.js'
import { createRaincheck } from '../dist/index.js'
import { wrapAll } from '../test/fixtures/bullmq-wrap.mjs'
import { freePort } from '../test/support/free-port.mjs'

const [TASKS, WORKERS, KILLS, AT_ONCE, WORK_MS] = [1_000, 3, 20, 4, 100]
const worker = fileURLToPath(new URL('../test/fixtures/bullmq-process.mjs', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'raincheck-kills-'))
const port = await freePort()
let server = await startRedis()
const url = `redis://127.0.0.1:${port}`
const rain = createRaincheck({
  store: url,
  app: 'queued',
  backend: bullmq({ connection: url, concurrency: 0 }),
})
const { square } = wrapAll(rain)
const workers = await Promise.all(Array.from({ length: WORKERS }, startWorker))

const startedAt = Date.now()
let [done, kills] = [0, 0]
const notes = join(folder, 'notes')
rain.on('complete', () => done++)
const values = Promise.all(Array.from({ length: TASKS }, (_, n) => square.value({ n, ms: WORK_MS, notes })))
const step = TASKS / (KILLS + 2)
for (; kills < KILLS; kills++) {
  await until(() => done >= step * (kills + 1))
  if (kills === KILLS / 2) {
    await end(server)
    server = await startRedis()
  }
  await end(workers.shift())
  workers.push(await startWorker())
}
const found = await values
const right = found.filter((value, n) => value === n * n).length
const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1)
console.log(`${right} of ${TASKS} tasks complete with the right value, in ${seconds} s`)
const runs = (await readFile(notes, 'utf8')).trim().split('\n').length
console.log(`${kills} kills of workers, 1 of the server; ${runs - TASKS} tasks had to be started again`)
process.exitCode = right === TASKS ? 0 : 1

await rain.close({ drain: 0 })
await Promise.all([...workers, server].map(end))
await rm(folder, { recursive: true, maxRetries: 3 })

async function startWorker() {
  const child = fork(worker, [url, String(AT_ONCE)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await new Promise((resolve) => child.once('message', resolve))
  return child
}

async function startRedis() {
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
  ]
  const child = spawn('redis-server', settings, { stdio: 'ignore' })
  while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 20))
  return child
}

function isOpen() {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function end(child) {
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exited
}

async function until(holds) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}
