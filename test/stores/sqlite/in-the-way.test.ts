import { symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { type SqliteFile, sqliteFile } from '../../../src/stores/sqlite/file.js'
import { sqliteTaskStore } from '../../../src/stores/sqlite/sqlite.js'
import { joining, settlement, storedTask } from '../../../src/testing/stored-task.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const ref = `rc_${'0'.repeat(22)}`

interface Database {
  exec(sql: string, done: (error: Error | null) => void): void
  close(done: (error: Error | null) => void): void
}

/** Another program's connection to a file, by the driver alone. */
function otherProgram(path: string) {
  const required = createRequire(createRequire(import.meta.url).resolve('@keyv/sqlite'))
  const { Database } = required('sqlite3') as { Database: new (path: string) => Database }
  const database = new Database(path)
  const done = (start: (told: (error: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
  return {
    exec: (sql: string) => done((told) => database.exec(sql, told)),
    close: () => done((told) => database.close(told)),
  }
}

it('R18: a file that another program has locked, in a journal mode of its own, is waited for', async () => {
  const path = join(await temporaryFolder(), 'a.db')
  const other = otherProgram(path)
  await other.exec('CREATE TABLE notes (text); BEGIN EXCLUSIVE')
  const rain = createRaincheck({ store: `sqlite:${path}` })
  const polling = rain.poll(ref).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await other.exec('COMMIT')
  expect(await polling).toMatchObject({ code: 'REF_NOT_FOUND' })
  await rain.close()
  await other.close()
})

it('R25: a file of an older format is brought up to date by all who open it at once', async () => {
  const path = join(await temporaryFolder(), 'a.db')
  const file = sqliteFile(path)
  for (const column of ['interruptions', 'questions', 'asking'])
    await file.query(`ALTER TABLE raincheck_tasks DROP COLUMN ${column}`)
  await file.query('PRAGMA user_version=1')
  await file.close()
  const rains = Array.from({ length: 6 }, () => createRaincheck({ store: `sqlite:${path}` }))
  for (const listed of await Promise.all(rains.map((rain) => rain.list())))
    expect(listed).toEqual({ tasks: [] })
  await Promise.all(rains.map((rain) => rain.close()))
})

it('a link that leads to itself is refused at once, with its reason', async () => {
  const path = join(await temporaryFolder(), 'a.db')
  await symlink(path, path)
  const rain = createRaincheck({ store: `sqlite:${path}` })
  await expect(rain.poll(ref)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(/a\.db: ELOOP/),
  })
  await rain.close()
})

it('R21: a close while the file is being opened waits for that, whether or not it can be', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'blocked'), 'in the way')
  for (const name of ['new.db', 'blocked/a.db']) {
    const rain = createRaincheck({ store: `sqlite:${join(folder, name)}` })
    const polled = rain.poll(ref).catch((error: { code: string }) => error.code)
    await rain.close()
    expect(await polled).toMatch(name === 'new.db' ? /REF_NOT_FOUND|STORE_UNAVAILABLE/ : 'STORE_UNAVAILABLE')
  }
})

it('R3: a task that stood in the way, and is gone when it is to be read, is in the way no longer', async () => {
  const file = sqliteFile(join(await temporaryFolder(), 'a.db'))
  onTestFinished(() => file.close())
  const store = sqliteTaskStore(file)
  const first = storedTask()
  await store.start(first, joining())
  const meanwhile: SqliteFile = {
    ...file,
    query: async (sql, parameters) => {
      if (sql.startsWith('SELECT')) {
        await store.settle(first.ref, 1, settlement())
        await store.remove(first.ref)
      }
      return file.query(sql, parameters)
    },
  }
  const second = storedTask({ key: first.key })
  expect((await sqliteTaskStore(meanwhile).start(second, joining())).ref).toBe(second.ref)
  expect((await store.get(second.ref))?.status).toBe('pending')
})
