// On SQLite, against bare Keyv on a file of its own with the same settings.
import { join } from 'node:path'
import { KeyvSqlite } from '@keyv/sqlite'
import { Keyv } from 'keyv'
import { createRaincheck } from '../../dist/index.js'
import { compare, each, rate } from './harness.mjs'

const file = import.meta.url
const AT_ONCE = 300
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
await compare({
  name: 'handoff to complete on SQLite (bare parallel Keyv sets)',
  file,
  target: 0.15,
  rates: true,
  unit: '/s',
  ours: (folder) => {
    const rain = raincheck(folder)
    const call = handingOff(rain)
    const records = new KeyvSqlite({ uri: `sqlite://${join(folder, 'ours.db')}`, table: 'raincheck_values' })
    return () =>
      rate(
        6_000,
        AT_ONCE,
        () => call({ n: ++fresh }),
        () => settled(records),
      )
  },
  theirs: async (folder) => {
    const keyv = await bareKeyv(folder)
    return () => rate(6_000, AT_ONCE, () => keyv.set(`key ${++fresh}`, valueFor(fresh)))
  },
})

// By a raincheck that did not run the task, so that nothing is answered from memory.
const polling = async (folder) => {
  const { ref, rain } = await oneComplete(folder)
  return () => each(1_000, () => rain.poll(ref))
}
await compare({
  name: 'poll of a complete ref on SQLite (bare Keyv get)',
  file,
  target: 3,
  prepare: (folder) => fill(folder, 1),
  ours: polling,
  theirs: async (folder) => {
    const keyv = await bareKeyv(folder)
    await keyv.set('one', valueFor(1))
    return () => each(1_000, () => keyv.get('one'))
  },
})

await compare({
  name: `list of 50 among ${RECORDS.toLocaleString('en')} records on SQLite (a poll)`,
  file,
  target: 20,
  prepare: (folder) => fill(folder, RECORDS),
  ours: async (folder) => {
    const { rain } = await oneComplete(folder)
    return () => each(100, () => rain.list({ limit: 50 }))
  },
  theirs: polling,
})

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
