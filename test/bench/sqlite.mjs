// On SQLite, against bare Keyv on a file of its own with the same settings.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KeyvSqlite } from '@keyv/sqlite'
import { Keyv } from 'keyv'
import { createRaincheck } from '../../dist/index.js'
import { compare, each, rate } from './harness.mjs'

const folder = await mkdtemp(join(tmpdir(), 'raincheck-bench-'))
const adapter = new KeyvSqlite({ uri: `sqlite://${join(folder, 'bare.db')}`, busyTimeout: 4_000 })
await adapter.query('PRAGMA journal_mode=WAL')
await adapter.query('PRAGMA synchronous=NORMAL')
const keyv = new Keyv({ store: adapter })

const store = `sqlite:${join(folder, 'ours.db')}`
const rain = createRaincheck({ store, concurrency: 64, app: 'bench' })
const work = async ({ n }) => ({ value: `the value of ${n}` })
const call = rain.cached({ name: 'work', asyncTimeout: 0 })(work)

let fresh = 0
await compare({
  name: 'handoff to complete on SQLite (bare Keyv sets)',
  target: 0.15,
  rates: true,
  unit: '/s',
  rounds: 5,
  ours: () =>
    rate(3_000, 300, async () => {
      const { ref } = await call({ n: ++fresh })
      const answer = await rain.poll(ref, { wait: '1m' })
      if (answer.status !== 'complete') throw new Error(answer.status)
    }),
  theirs: () => rate(3_000, 300, () => keyv.set(`key ${++fresh}`, { value: `the value of ${fresh}` })),
})

// Another raincheck on the same file: nothing is answered from memory.
const reader = createRaincheck({ store, app: 'bench' })
const { ref } = await call({ n: 0 })
await rain.poll(ref, { wait: '1m' })
await keyv.set('one', { value: 'the value of 0' })
await compare({
  name: 'poll on SQLite (bare Keyv get)',
  target: 3,
  ours: () => each(1_000, () => reader.poll(ref)),
  theirs: () => each(1_000, () => keyv.get('one')),
})

while (fresh < 20_000) await rate(1_000, 300, () => call({ n: ++fresh }))
await compare({
  name: `list of 50 among ${(await count()).toLocaleString('en')} records on SQLite (a poll)`,
  target: 20,
  ours: () => each(50, () => reader.list({ limit: 50 })),
  theirs: () => each(1_000, () => reader.poll(ref)),
})

await rain.close({ drain: '1m' })
await reader.close()
await adapter.disconnect()
await rm(folder, { recursive: true })

async function count() {
  const { KeyvSqlite: Adapter } = await import('@keyv/sqlite')
  const file = new Adapter({ uri: store.replace('sqlite:', 'sqlite://') })
  const [{ n }] = await file.query('SELECT count(*) AS n FROM raincheck_tasks')
  await file.disconnect()
  return n
}
