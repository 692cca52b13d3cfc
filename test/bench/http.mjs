// Polls beside many event streams, and what a hundred thousand events leave in memory. Server, readers and polls have a
// process each: what one of them takes is not measured as another's.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { createHttpApp } from '../../dist/http/index.js'
import { createRaincheck } from '../../dist/index.js'
import { printRow } from './harness.mjs'

const STREAMS = 500
const POLLS_A_SECOND = 300
/** Each of so many rounds takes this long; their median counts, since a machine is seldom left alone for all of them. */
const POLLING_MS = 2_000
const ROUNDS = 5
/** Tasks whose progress is told while polls are measured. */
const MOVING = 10
/** For the memory: so many tasks at once, of which each is told four times a second. */
const CROWD = 1_000
const EVENTS = 100_000
const TELL_EVERY_MS = 100

/** Holds tasks that never end, and moves so many of them as it is told. */
async function serveTasks(count) {
  const rain = createRaincheck({ concurrency: count })
  const tasks = []
  const work = rain.cached({ name: 'work', asyncTimeout: 0 })(
    (_, task) => new Promise(() => void tasks.push(task)),
  )
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => work({ n })))
  const server = createAdaptorServer({ fetch: createHttpApp(rain, { functions: [work] }).fetch })
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port, ref: answers[0].ref }))
  let isMoving = false
  let told = 0
  setInterval(() => {
    for (const task of isMoving ? tasks : [])
      task.progress({ current: ++told % 1_000, total: 1_000, message: `page ${told}` })
  }, TELL_EVERY_MS)
  process.on('message', ({ move }) => {
    isMoving = move ?? isMoving
    global.gc()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    process.send({ bytes: heapUsed + arrayBuffers })
  })
}

/**
 * Opens event streams, and counts what comes. Readers are on machines of their own elsewhere; here they give way to the server
 * and to who measures it.
 */
function readStreams(port) {
  setPriority(constants.priority.PRIORITY_LOW)
  let open = 0
  let events = 0
  process.on('message', ({ streams }) => {
    for (let more = 0; more < (streams ?? 0); more++) {
      const socket = connect(port, '127.0.0.1')
      socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
      let isFirst = true
      socket.on('data', (bytes) => {
        if (isFirst && bytes.includes('event: ready')) {
          isFirst = false
          open++
        }
        for (let at = bytes.indexOf('\nid: '); at >= 0; at = bytes.indexOf('\nid: ', at + 1)) events++
      })
    }
    process.send({ open, events })
  })
}

async function ask(child, message) {
  child.send(message)
  return (await once(child, 'message'))[0]
}

function start(role, ...args) {
  return fork(fileURLToPath(import.meta.url), [role, ...args], { execArgv: ['--expose-gc'] })
}

/** Latencies of polls at a steady rate, in milliseconds, sorted. A poll is made when it is due, whatever became of others. */
async function poll({ port, ref }) {
  // In turn, so that none is idle for as long as a server leaves one open.
  const agent = new Agent({ keepAlive: true, maxSockets: 20, scheduling: 'fifo' })
  const latencies = []
  const one = () =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now()
      get({ port, host: '127.0.0.1', path: `/tasks/${ref}`, agent }, (response) => {
        response.resume().once('end', () => resolve(latencies.push(performance.now() - startedAt)))
        if (response.statusCode !== 200) reject(new Error(`a poll was answered with ${response.statusCode}`))
      }).once('error', reject)
    })
  const all = []
  const begun = performance.now()
  for (let at = begun; at < begun + POLLING_MS; at += 1_000 / POLLS_A_SECOND) {
    await sleep(Math.max(0, at - performance.now()))
    all.push(one())
  }
  await Promise.all(all)
  agent.destroy()
  return latencies.sort((a, b) => a - b)
}

/** Of what that share of polls takes at most, the median of all rounds. */
async function latency(address, share) {
  const found = []
  for (let round = 0; round < ROUNDS; round++) {
    const sorted = await poll(address)
    found.push(sorted[Math.floor(sorted.length * share)])
  }
  return found.sort((a, b) => a - b)[ROUNDS >> 1]
}

const ms = (value) => `${value.toFixed(2)} ms`
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`

async function comparePolls(server, address) {
  await poll(address)
  const alone = await latency(address, 0.5)
  const readers = start('readers', address.port)
  await ask(readers, { streams: STREAMS })
  while ((await ask(readers, {})).open < STREAMS) await sleep(50)
  await ask(server, { move: true })
  const before = await ask(readers, {})
  const beside = await latency(address, 0.99)
  const { events } = await ask(readers, {})
  readers.kill()
  await once(readers, 'exit')
  const rate = Math.round(((events - before.events) * 1_000) / (ROUNDS * POLLING_MS)).toLocaleString('en')
  const name = `poll p99 beside ${STREAMS} streams, ${rate} events/s (p50 without)`
  printRow(name, ms(beside), ms(alone), (beside / alone).toFixed(2), 'at most 5', beside <= 5 * alone)
}

async function compareMemory(server, address) {
  const readers = start('readers', address.port)
  await ask(readers, { streams: 2 })
  await ask(server, { move: true })
  const after = async (count) => {
    while ((await ask(readers, {})).events / 2 < count) await sleep(50)
    // The least of some looks: what is being told at the moment is none that stays.
    const looks = []
    for (let look = 0; look < 10; look++) {
      looks.push((await ask(server, {})).bytes)
      await sleep(30)
    }
    return Math.min(...looks)
  }
  const early = await after(EVENTS / 5)
  const late = await after(EVENTS)
  readers.kill()
  await once(readers, 'exit')
  const name = `memory after ${EVENTS.toLocaleString('en')} events (after a fifth of them)`
  const ratio = late / early
  printRow(name, megabytes(late), megabytes(early), ratio.toFixed(2), 'at most 1.05', ratio <= 1.05)
}

/** @param compare Given a server that holds so many tasks, and its address. */
async function withServer(count, compare) {
  const server = start('server', count)
  const [address] = await once(server, 'message')
  try {
    await compare(server, address)
  } finally {
    server.kill()
    await once(server, 'exit')
  }
}

const [role, argument] = process.argv.slice(2)
// A part must not outlive the whole, whatever ended that.
if (role) process.once('disconnect', () => process.exit())
if (role === 'server') await serveTasks(Number(argument))
else if (role === 'readers') readStreams(Number(argument))
else {
  await withServer(MOVING, comparePolls)
  await withServer(CROWD, compareMemory)
}
