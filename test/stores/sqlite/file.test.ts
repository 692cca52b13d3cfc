import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import type { SqliteFile } from '../../../src/stores/sqlite/connection.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const ref = `rc_${'0'.repeat(22)}`

/** What a poll on a file that cannot be used says. */
async function refusal(path: string): Promise<unknown> {
  const rain = createRaincheck({ store: `sqlite:${path}` })
  const error = await rain.poll(ref).catch((thrown: unknown) => thrown)
  await rain.close()
  return error
}

const unavailable = (message: RegExp) => ({
  code: 'STORE_UNAVAILABLE',
  message: expect.stringMatching(message),
})

/** Before format 4 tasks had no number, and the table was sorted by their refs. */
async function withoutNumbers(file: SqliteFile): Promise<void> {
  const [table] = await file.query<{ sql: string }>(
    "SELECT sql FROM sqlite_master WHERE name = 'raincheck_tasks'",
  )
  const indexes = await file.query<{ sql: string }>(
    "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'raincheck_tasks' AND sql NOT NULL",
  )
  const older = table?.sql
    .replace('raincheck_tasks', 'older')
    .replace('id INTEGER PRIMARY KEY,ref TEXT NOT NULL UNIQUE', 'ref TEXT PRIMARY KEY')
  await file.query(`${older} WITHOUT ROWID`)
  const columns = await file.query<{ name: string }>(
    "SELECT name FROM pragma_table_info('raincheck_tasks') WHERE name <> 'id'",
  )
  const list = columns.map(({ name }) => name).join()
  await file.query(`INSERT INTO older (${list}) SELECT ${list} FROM raincheck_tasks`)
  await file.query('DROP TABLE raincheck_tasks')
  await file.query('ALTER TABLE older RENAME TO raincheck_tasks')
  for (const { sql } of indexes) await file.query(sql)
}

describe('a SQLite file', () => {
  it('is made with its folders when it is first used, for its owner alone', async () => {
    const path = join(await temporaryFolder(), 'new/deeper/a.db')
    const rain = createRaincheck({ store: `sqlite:${path}` })
    await expect(stat(path)).rejects.toThrow('ENOENT')
    await rain.cached({ name: 'f', asyncTimeout: '10s' })(async () => 1)()
    for (const file of [path, `${path}-wal`]) expect((await stat(file)).mode & 0o777).toBe(0o600)
    await rain.close()
  })

  it('that is none is refused with what to do, and left as it is', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    await writeFile(path, 'this is a letter, and no database '.repeat(100))
    expect(await refusal(path)).toMatchObject(unavailable(/a\.db: .*not a database.*; move the file away/))
    expect(await readFile(path, 'utf8')).toMatch(/^this is a letter/)
  })

  it('whose name is a folder’s is refused', async () => {
    const path = join(await temporaryFolder(), 'folder')
    await mkdir(path)
    expect(await refusal(path)).toMatchObject(unavailable(/folder: it is a folder; name another path/))
  })

  it.each([
    [1, ['interruptions', 'questions', 'asking']],
    [2, ['questions', 'asking']],
    [3, []],
  ])('of format %s is brought up to date, with what is in it', async (format, columns) => {
    const path = join(await temporaryFolder(), 'a.db')
    const options = { store: `sqlite:${path}`, app: 'test' } as const
    const before = createRaincheck(options)
    const { ref } = await before.cached({ name: 'f', asyncTimeout: '1m' })(async () => 'kept')()
    await before.close()
    const file = sqliteFile(path)
    const named = "SELECT name FROM sqlite_master WHERE name LIKE 'raincheck%' ORDER BY name"
    const names = await file.query(named)
    await withoutNumbers(file)
    for (const column of columns) await file.query(`ALTER TABLE raincheck_tasks DROP COLUMN ${column}`)
    const facts = `json_set(json_remove(facts, '$.instance', '$.metadata'), '$.format', ${format})`
    await file.query(`UPDATE raincheck_tasks SET facts = ${facts}`)
    await file.query(`PRAGMA user_version=${format}`)
    await file.close()
    const after = createRaincheck(options)
    const kept = await after.poll(ref)
    expect(kept).toMatchObject({ status: 'complete', value: 'kept' })
    expect(kept).not.toHaveProperty('metadata')
    const call = after.cached({ name: 'g', asyncTimeout: '1m', instance: 'a' })(async () => 'new')
    const answer = await call(undefined, { metadata: 1 })
    expect(await after.poll(answer.ref)).toMatchObject({ value: 'new', metadata: 1 })
    await after.close()
    const updated = sqliteFile(path)
    expect(await updated.query('PRAGMA user_version')).toEqual([{ user_version: 4 }])
    const refs = await updated.query('SELECT ref FROM raincheck_tasks ORDER BY id')
    expect(refs).toEqual([{ ref }, { ref: answer.ref }])
    expect(await updated.query(named)).toEqual(names)
    await updated.close()
  })

  it('from a newer raincheck is refused, and left as it is', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const file = sqliteFile(path)
    await file.query('PRAGMA user_version=99')
    await file.close()
    const before = await readFile(path)
    expect(await refusal(path)).toMatchObject(
      unavailable(/newer raincheck \(format 99, this one knows 4\); update raincheck/),
    )
    expect(await readFile(path)).toEqual(before)
  })

  it.skipIf(process.getuid?.() === 0)(
    'in a folder that may not be written is refused with what to do',
    async () => {
      const folder = await temporaryFolder()
      await chmod(folder, 0o500)
      expect(await refusal(join(folder, 'a.db'))).toMatchObject(unavailable(/EACCES.*make it writable/))
      await chmod(folder, 0o700)
    },
  )

  it('that cannot be used at first is opened once it can be', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'blocked/a.db')
    await writeFile(join(folder, 'blocked'), 'in the way')
    const rain = createRaincheck({ store: `sqlite:${path}` })
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await (await import('node:fs/promises')).rm(join(folder, 'blocked'))
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    await rain.close()
  })

  it('that cannot be used costs a call nothing but its ref', async () => {
    const path = join(await temporaryFolder(), 'folder')
    await mkdir(path)
    const rain = createRaincheck({ store: `sqlite:${path}` })
    const errors: Error[] = []
    rain.on('store-error', ({ error }) => errors.push(error))
    const answer = await rain.cached({ name: 'f', asyncTimeout: '20s', ttl: '1h' })(async () => 'computed')()
    expect(answer).toMatchObject({ status: 'complete', value: 'computed' })
    expect(errors[0]).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await rain.close()
  })
})
