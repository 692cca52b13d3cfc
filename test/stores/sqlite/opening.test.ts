import { execFileSync } from 'node:child_process'
import { chmod, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { startFixture } from '../../support/child.js'
import { otherProgram } from '../../support/other-program.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const ref = `rc_${'0'.repeat(22)}`

interface Opened {
  status: string
  polled: string
  errors: string[]
}

/** Makes a file as another program would. */
async function writeDatabase(path: string, sql: string): Promise<void> {
  const other = await otherProgram(path)
  await other.exec(sql)
  await other.close()
}

async function refusal(path: string): Promise<unknown> {
  const rain = createRaincheck({ store: `sqlite:${path}` })
  const error = await rain.poll(ref).catch((thrown: unknown) => thrown)
  await rain.close()
  return error
}

/** The locks that this process has on a file, as the kernel tells (Linux). */
async function locksOn(path: string): Promise<number> {
  const { ino } = await stat(path)
  const lines = (await readFile('/proc/locks', 'utf8')).split('\n')
  return lines.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `)).length
}

describe('what is no regular file', () => {
  it('is refused at once, and the close has nothing to wait for', async () => {
    const folder = await temporaryFolder()
    expect(await refusal(folder)).toMatchObject({ message: expect.stringContaining('it is a folder') })
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect(await refusal(pipe)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('not a regular file; name another path'),
    })
  })
})

describe('a new SQLite file', () => {
  it('is opened by six processes at once, and each can store and redeem', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const openers = Array.from({ length: 6 }, () => startFixture('opener.mjs', path))
    await Promise.all(openers.map((opener) => opener.next('ready')))
    for (const opener of openers) opener.send({ open: true })
    const opened = await Promise.all(openers.map((opener) => opener.next<Opened>('opened')))
    expect(opened).toEqual(Array(6).fill({ status: 'complete', polled: 'complete', errors: [] }))
    expect(await Promise.all(openers.map(({ exited }) => exited))).toEqual(Array(6).fill(0))
  })

  it('is opened by twelve connections of one process at once', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const rains = Array.from({ length: 12 }, () => createRaincheck({ store: `sqlite:${path}` }))
    for (const error of await Promise.all(rains.map((rain) => rain.poll(ref).catch((thrown) => thrown))))
      expect(error).toMatchObject({ code: 'REF_NOT_FOUND' })
    await Promise.all(rains.map((rain) => rain.close()))
  })

  it('is found through a link, and made where that points', async () => {
    const folder = await temporaryFolder()
    await symlink(join(folder, 'real.db'), join(folder, 'link.db'))
    expect(await refusal(join(folder, 'link.db'))).toMatchObject({ code: 'REF_NOT_FOUND' })
    expect((await stat(join(folder, 'real.db'))).mode & 0o777).toBe(0o600)
  })
})

describe('an existing SQLite file', () => {
  it('keeps the mode that its owner gave it', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    await writeFile(path, '')
    await chmod(path, 0o640)
    expect(await refusal(path)).toMatchObject({ code: 'REF_NOT_FOUND' })
    expect((await stat(path)).mode & 0o777).toBe(0o640)
  })

  it('of another program keeps what that has in it', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    await writeDatabase(path, "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')")
    const rain = createRaincheck({ store: `sqlite:${path}` })
    const answer = await rain.cached({ name: 'f', asyncTimeout: '10s' })(async () => 1)()
    expect(await rain.poll(answer.ref)).toMatchObject({ value: 1 })
    await rain.close()
    expect(await readFile(path, 'latin1')).toContain('mine')
  })

  it('from a newer raincheck is left byte for byte as it is, whatever journal it uses', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'a.db')
    await writeDatabase(path, 'CREATE TABLE newer (x); PRAGMA user_version = 99')
    const before = await readFile(path)
    expect(await refusal(path)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('newer raincheck (format 99'),
    })
    expect((await readFile(path)).equals(before)).toBe(true)
    expect(await readdir(folder)).toEqual(['a.db'])
  })

  it('that is cut off is refused with what to do, and left as it is', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const rain = createRaincheck({ store: `sqlite:${path}` })
    const call = rain.cached({ name: 'f', asyncTimeout: '10s' })(async (n: number) => n)
    for (let n = 0; n < 5; n++) await call(n)
    await rain.close()
    await truncate(path, Math.floor((await stat(path)).size / 2))
    const before = await readFile(path)
    expect(await refusal(path)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/malformed; move the file away, and a new one is made/),
    })
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it('that is no database is left byte for byte as it is', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'a.db')
    const letter = 'this is a letter, and no database '.repeat(100)
    await writeFile(path, letter)
    expect(await refusal(path)).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await readFile(path, 'utf8')).toBe(letter)
    expect(await readdir(folder)).toEqual(['a.db'])
  })
})

it('a file that another program has locked, in a journal mode of its own, is waited for', async () => {
  const path = join(await temporaryFolder(), 'a.db')
  const other = await otherProgram(path)
  await other.exec('CREATE TABLE notes (text); BEGIN EXCLUSIVE')
  const rain = createRaincheck({ store: `sqlite:${path}` })
  const polling = rain.poll(ref).catch((error: unknown) => error)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await other.exec('COMMIT')
  expect(await polling).toMatchObject({ code: 'REF_NOT_FOUND' })
  await rain.close()
  await other.close()
})

it('a file of an older format is brought up to date by all who open it at once', async () => {
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

it('a close while the file is being opened waits for that, whether or not it can be', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'blocked'), 'in the way')
  for (const name of ['new.db', 'blocked/a.db']) {
    const rain = createRaincheck({ store: `sqlite:${join(folder, name)}` })
    const polled = rain.poll(ref).catch((error: { code: string }) => error.code)
    await rain.close()
    expect(await polled).toMatch(name === 'new.db' ? /REF_NOT_FOUND|STORE_UNAVAILABLE/ : 'STORE_UNAVAILABLE')
  }
})

describe.skipIf(process.platform !== 'linux')('a SQLite file that one process opens twice', () => {
  it('keeps the locks of the first connection: without them others would take it for unused, and spoil it', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const [one, other] = [1, 2].map(() => createRaincheck({ store: `sqlite:${path}` }))
    await one?.list()
    const before = await locksOn(path)
    expect(before).toBeGreaterThan(0)
    await other?.list()
    expect(await locksOn(path)).toBe(before)
    await other?.close()
    await one?.list()
    const third = createRaincheck({ store: `sqlite:${path}` })
    await third.list()
    expect(await locksOn(path)).toBeGreaterThan(0)
    await Promise.all([one?.close(), third.close()])
    expect(await locksOn(path)).toBe(0)
  })
})
