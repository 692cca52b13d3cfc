// On SQLite, against bare Keyv on a file of its own with the same settings; and by Node's own SQLite (22.13 and later, so run it on
// Node 24) against the same on @keyv/sqlite.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KeyvSqlite } from '@keyv/sqlite'
import { Keyv } from 'keyv'
import { createRaincheck } from '../../dist/index.js'
import { sqliteFile } from '../../dist/stores/sqlite/file.js'
import { compare, each, eachOnCpu, rate } from './harness.mjs'

const file = import.meta.url
const AT_ONCE = 300
const hasSqlite = isBuiltin('node:sqlite') || process.execArgv.includes('--no-experimental-sqlite')
/** A side that has no SQLite but that of @keyv/sqlite, as a Node before 22.13. */
const withoutSqlite = { theirs: ['--no-experimental-sqlite'] }
const RECORDS = 20_000

const raincheck = (folder) =>
  createRaincheck({ store: `sqlite:${join(folder, 'ours.db')}`, concurrency: 64, app: 'bench' })
const valueFor = (n) => ({ value: `the value of ${n}` })
const handingOff = (rain) => rain.cached({ name: 'work', asyncTimeout: 0 })(async ({ n }) => valueFor(n))
const bareKeyv = async (folder) => {
  const store = new KeyvSqlite({ uri: `sqlite://${join(folder, 'bare.db')}`, busyTimeout: 4_000 })
  await store.query('PRAGMA journal_mode=WAL')
  await store.query('PRAGMA synchronous=NORMAL')
  return new Keyv({ store })
}

let fresh = 0
const completing = (folder, name) => {
  const path = join(folder, `${name}.db`)
  const call = handingOff(createRaincheck({ store: `sqlite:${path}`, concurrency: 64, app: 'bench' }))
  const records = sqliteFile(path)
  return () =>
    rate(
      6_000,
      AT_ONCE,
      () => call({ n: ++fresh }),
      () => settled(records),
    )
}
await compare({
  name: 'handoff to complete on SQLite (bare parallel Keyv sets)',
  file,
  target: hasSqlite ? 0.5 : 0.15,
  rates: true,
  unit: '/s',
  ours: (folder) => completing(folder, 'ours'),
  theirs: async (folder) => {
    const keyv = await bareKeyv(folder)
    return () => rate(6_000, AT_ONCE, () => keyv.set(`key ${++fresh}`, valueFor(fresh)))
  },
})

if (hasSqlite)
  await compare({
    name: 'handoff to complete on SQLite (the same on @keyv/sqlite)',
    file,
    target: 2.5,
    rates: true,
    unit: '/s',
    nodeOptions: withoutSqlite,
    ours: (folder) => completing(folder, 'ours'),
    theirs: (folder) => completing(folder, 'theirs'),
  })

// By a raincheck that did not run the task, so that nothing is answered from memory.
const pollingBy = (measure) => async (folder) => {
  const { ref, rain } = await oneComplete(folder)
  return () => measure(1_000, () => rain.poll(ref))
}
const polling = pollingBy(each)
await compare({
  name: 'poll of a complete ref on SQLite (bare Keyv get)',
  file,
  target: hasSqlite ? 1 : 3,
  prepare: (folder) => fill(folder, 1),
  ours: polling,
  theirs: async (folder) => {
    const keyv = await bareKeyv(folder)
    await keyv.set('one', valueFor(1))
    return () => each(1_000, () => keyv.get('one'))
  },
})

if (hasSqlite)
  await compare({
    name: 'processor time of a poll on SQLite (the same on @keyv/sqlite)',
    file,
    target: 0.3,
    nodeOptions: withoutSqlite,
    prepare: (folder) => fill(folder, 1),
    ours: pollingBy(eachOnCpu),
    theirs: pollingBy(eachOnCpu),
  })

await compare({
  name: `list of 50 among ${RECORDS.toLocaleString('en')} records on SQLite (a poll)`,
  file,
  // By Node's own SQLite a poll takes a quarter of the time, and a list half.
  target: hasSqlite ? 30 : 20,
  prepare: (folder) => fill(folder, RECORDS),
  ours: async (folder) => {
    const { rain } = await oneComplete(folder)
    return () => each(100, () => rain.list({ limit: 50 }))
  },
  theirs: polling,
})

// The first turn of a side starts what it needs, such as its thread.
if (hasSqlite)
  await compare({
    name: 'longest gap of the loop beside a lock of 1 s (of an idle process)',
    file,
    difference: 20,
    unit: 'ms',
    prepare: (folder) => fill(folder, 1),
    ours: async (folder) => {
      const { ref, rain } = await oneComplete(folder)
      const call = handingOff(rain)
      return () =>
        longestGap(folder, async () => void (await Promise.all([call({ n: ++fresh }), rain.poll(ref)])))
    },
    theirs: () => () => longestGap(undefined, async () => {}),
  })

/** While another process has the lock of the file, if there is one, and something is asked of the store every 10 ms. */
async function longestGap(folder, ask) {
  const other = folder && (await lockInAnotherProcess(join(folder, 'ours.db')))
  const asked = []
  let longest = 0
  let last = performance.now()
  const look = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  const asks = setInterval(() => asked.push(ask()), 10)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  clearInterval(look)
  clearInterval(asks)
  await other?.unlock()
  await Promise.all(asked)
  return longest
}

async function lockInAnotherProcess(path) {
  const program = fileURLToPath(new URL('../fixtures/other-program.mjs', import.meta.url))
  const child = fork(program, [path], { execArgv: [] })
  await once(child, 'message')
  const execute = async (sql) => {
    child.send({ sql })
    await once(child, 'message')
  }
  await execute('BEGIN IMMEDIATE')
  const unlock = async () => {
    await execute('COMMIT')
    child.disconnect()
  }
  return { unlock }
}

async function fill(folder, count) {
  const rain = raincheck(folder)
  const call = handingOff(rain)
  await rate(count, AT_ONCE, (n) => call({ n }))
  await rain.close({ drain: '1m' })
}

async function oneComplete(folder) {
  const rain = raincheck(folder)
  const [{ ref }] = (await rain.list({ limit: 1, status: 'complete' })).tasks
  return { ref, rain }
}

/** By the records: a poll in this process is answered before the store has the value. */
async function settled(records) {
  const unsettled = 'SELECT count(*) AS live FROM raincheck_tasks WHERE live = 1'
  while ((await records.query(unsettled))[0].live > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

if (!hasSqlite && process.argv.length === 2)
  console.log(
    `Node ${process.versions.node} has no SQLite of its own: what is compared with it needs Node 24`,
  )
