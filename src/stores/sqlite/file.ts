import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, RaincheckError } from '../../core/words/errors.js'
import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { pause } from '../../core/words/timers.js'
import { BUSY_TIMEOUT_MS, isBusy } from './busy.js'
import type { Connection, Driver, SqliteFile, Statement } from './connection.js'
import { sqliteDriver } from './driver.js'
import { enter, type OpenFile } from './open-files.js'
import { CREATE_VALUES } from './values.js'

/** The switch to WAL does not wait by SQLite's busy timeout, so it is tried again after so many milliseconds. */
const WAL_PAUSE_MS = 50

/** A SQLite file that is opened by its first use. */
export function sqliteFile(path: string, driver: Driver = sqliteDriver()): SqliteFile {
  let opening: Promise<OpenFile> | undefined
  const open = async (): Promise<OpenFile> => {
    opening ??= openFile(path, driver)
    const opened = opening
    const file = await opened.catch((error) => {
      if (opening === opened) opening = undefined
      throw error
    })
    if (!file.connection.lost) return file
    if (opening === opened) opening = undefined
    await file.leave()
    return open()
  }
  const run = async (statements: readonly Statement[]) => (await open()).connection.run(statements)
  return {
    transactions: driver.transactions,
    open,
    run,
    query: async <Columns>(sql: string, parameters: readonly unknown[] = []) => {
      const [rows] = await run([[sql, parameters]])
      return rows as Columns[]
    },
    find: async <Columns>(sql: string, parameters: readonly unknown[]) =>
      (await open()).connection.find?.([sql, parameters]) as Columns[] | undefined,
    close: async () => {
      const opened = await opening?.catch(() => undefined)
      opening = undefined
      await opened?.leave()
    },
  }
}

async function openFile(path: string, driver: Driver): Promise<OpenFile> {
  try {
    // At once, here and in open-files.ts: a few calls, for which the pool of threads would cost a short command 5 ms.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return await enter(path, { look: () => refuseUnread(path), connect: () => connect(path, driver) })
  } catch (error) {
    throw unusable(path, error)
  }
}

async function connect(path: string, driver: Driver): Promise<Connection> {
  const connection = await driver.connect(path)
  try {
    const query: Query = async (sql) => (await connection.run([[sql, []]]))[0] as { user_version?: number }[]
    await prepare(query)
    for (const setting of driver.settings) await query(setting)
    return connection
  } catch (error) {
    await connection.close().catch(() => {})
    throw error
  }
}

/** By the file's header, since opening it as a database already writes to it. */
function refuseUnread(path: string): void {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(HEADER_BYTES)
    if (readSync(file, buffer, 0, HEADER_BYTES, 0) === 0) return
    if (!buffer.toString('latin1').startsWith('SQLite format 3\0'))
      throw new Error('SQLITE_NOTADB: file is not a database')
    refuseNewer(buffer.readUInt32BE(VERSION_AT))
  } finally {
    closeSync(file)
  }
}

/** SQLite's file format: the first 100 bytes are a header, with the user version at byte 60. */
const HEADER_BYTES = 100
const VERSION_AT = 60

function refuseNewer(format: number): void {
  if (format > RECORD_FORMAT)
    throw new Error(
      `it was written by a newer raincheck (format ${format}, this one knows ${RECORD_FORMAT}); update raincheck, or use another file`,
    )
}

type Query = (sql: string) => Promise<{ user_version?: number }[]>

async function prepare(query: Query): Promise<void> {
  await useWal(query)
  await query('PRAGMA synchronous=NORMAL')
  const [{ user_version: format = 0 } = {}] = await query('PRAGMA user_version')
  refuseNewer(format)
  if (format === RECORD_FORMAT) return
  if (format > 0) await addColumns(query, format)
  for (const statement of schema) await query(statement)
}

/** What each format added to the one before. */
const added: [format: number, column: string][] = [
  [2, 'interruptions INTEGER NOT NULL DEFAULT 0'],
  [3, 'questions TEXT'],
  [3, 'asking INTEGER NOT NULL DEFAULT 0'],
]

async function addColumns(query: Query, from: number): Promise<void> {
  for (const [format, column] of added) {
    if (format <= from) continue
    try {
      await query(`ALTER TABLE raincheck_tasks ADD COLUMN ${column}`)
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof Error && error.message.includes('duplicate column'))) throw error
    }
  }
}

async function useWal(query: Query): Promise<void> {
  for (const until = Date.now() + BUSY_TIMEOUT_MS; ; await pause(WAL_PAUSE_MS)) {
    try {
      await query('PRAGMA journal_mode=WAL')
      return
    } catch (error) {
      if (Date.now() > until || !isBusy(error)) throw error
    }
  }
}

/** `live` is a column, so that the one live task of a key can be a unique index, which makes `start` atomic. */
const schema = [
  CREATE_VALUES,
  `CREATE TABLE IF NOT EXISTS raincheck_tasks (
    ref TEXT PRIMARY KEY, key TEXT NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
    live INTEGER NOT NULL, run INTEGER NOT NULL, owner TEXT NOT NULL, interruptions INTEGER NOT NULL,
    priority REAL NOT NULL,
    created_at REAL NOT NULL, started_at REAL, settled_at REAL, fresh_until REAL NOT NULL, expires_at REAL NOT NULL,
    progress TEXT, facts TEXT NOT NULL, outcome TEXT, revoked_from TEXT, questions TEXT,
    asking INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
  'CREATE UNIQUE INDEX IF NOT EXISTS raincheck_live ON raincheck_tasks (key) WHERE live = 1',
  'CREATE INDEX IF NOT EXISTS raincheck_fresh ON raincheck_tasks (key, fresh_until) WHERE fresh_until > 0',
  'CREATE INDEX IF NOT EXISTS raincheck_expiry ON raincheck_tasks (expires_at) WHERE live = 0',
  'CREATE INDEX IF NOT EXISTS raincheck_settled ON raincheck_tasks (settled_at) WHERE live = 0',
  'CREATE INDEX IF NOT EXISTS raincheck_list ON raincheck_tasks (scope, created_at)',
  'CREATE INDEX IF NOT EXISTS raincheck_names ON raincheck_tasks (scope, name, created_at)',
  // Most are complete, and to find those takes no index of their own.
  `CREATE INDEX IF NOT EXISTS raincheck_incomplete ON raincheck_tasks (scope, status, created_at)
    WHERE status <> 'complete'`,
  'CREATE INDEX IF NOT EXISTS raincheck_revoked ON raincheck_tasks (revoked_from) WHERE revoked_from IS NOT NULL',
  'CREATE TABLE IF NOT EXISTS raincheck_leases (owner TEXT PRIMARY KEY, until REAL NOT NULL)',
  `PRAGMA user_version=${RECORD_FORMAT}`,
]

function unusable(path: string, error: unknown): RaincheckError {
  if (error instanceof RaincheckError) return error
  const reason = messageOf(error)
  const hint = hints.find(([pattern]) => pattern.test(reason))?.[1]
  return new RaincheckError(
    'STORE_UNAVAILABLE',
    `cannot use the store ${path}: ${reason}${hint === undefined ? '' : `; ${hint}`}`,
    { cause: error },
  )
}

const hints: [RegExp, string][] = [
  [/NOTADB|CORRUPT/, 'move the file away, and a new one is made'],
  [/EACCES|EPERM|EROFS|READONLY|CANTOPEN/, 'make it writable, or name another file'],
  [/ENOSPC|SQLITE_FULL/, 'free some space on the disk'],
  [/SQLITE_IOERR/, 'the disk may be full or failing: check it'],
  [/SQLITE_BUSY/, 'another program keeps it locked; try again when that is done'],
]
