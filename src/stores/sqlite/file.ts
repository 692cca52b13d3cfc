import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KeyvSqlite } from '@keyv/sqlite'
import { messageOf, RaincheckError } from '../../core/words/errors.js'
import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { pause } from '../../core/words/timers.js'
import { enter } from './open-files.js'

/** How long SQLite waits for another process's write, in milliseconds; below the deadline of a store call (5 s). */
const BUSY_TIMEOUT_MS = 4_000

/** The WAL switch does not wait by the busy timeout, so it is tried again this many times, 50 ms apart. */
const WAL_TRIES = 20

export interface SqliteFile {
  /** Runs one statement, after opening the file where that is still to do. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** Keyv's adapter on the same file. */
  adapter(): Promise<KeyvSqlite>
  close(): Promise<void>
}

/** A SQLite file that is opened by its first use, with @keyv/sqlite. */
export function sqliteFile(path: string): SqliteFile {
  let opening: Promise<KeyvSqlite> | undefined
  const adapter = () => {
    opening ??= openFile(path)
    // The adapter stays broken for good when it fails to open; the next use tries a new one.
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }
  return {
    adapter,
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await adapter()).query(sql, parameters) as Promise<Row[]>,
    close: async () => {
      await (await opening?.catch(() => undefined))?.disconnect()
      opening = undefined
    },
  }
}

async function openFile(path: string): Promise<KeyvSqlite> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const leave = await enter(path, () => refuseUnread(path))
    return await connect(path, leave)
  } catch (error) {
    throw unusable(path, error)
  }
}

/** @param leave To be called when the connection is closed, or failed. */
async function connect(path: string, leave: () => void): Promise<KeyvSqlite> {
  const { KeyvSqlite } = await import('@keyv/sqlite')
  const adapter = new KeyvSqlite({
    uri: `sqlite://${path}`,
    table: 'raincheck_values',
    busyTimeout: BUSY_TIMEOUT_MS,
  })
  adapter.on('error', () => {}) // The same error rejects the query below.
  const { close } = adapter
  adapter.close = () => close().finally(leave)
  try {
    await prepare(adapter)
    return adapter
  } catch (error) {
    await adapter.disconnect().catch(() => {})
    throw error
  }
}

/** By the file's header, since opening it as a database already writes to it. */
async function refuseUnread(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0)
    if (bytesRead === 0) return
    if (!buffer.toString('latin1').startsWith('SQLite format 3\0'))
      throw new Error('SQLITE_NOTADB: file is not a database')
    refuseNewer(buffer.readUInt32BE(VERSION_AT))
  } finally {
    await file.close()
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

async function prepare(adapter: KeyvSqlite): Promise<void> {
  await useWal(adapter)
  await adapter.query('PRAGMA synchronous=NORMAL')
  const [{ user_version: format = 0 } = {}] = (await adapter.query('PRAGMA user_version')) as {
    user_version?: number
  }[]
  refuseNewer(format)
  if (format === RECORD_FORMAT) return
  if (format > 0) await addColumns(adapter, format)
  for (const statement of schema) await adapter.query(statement)
}

/** What each format added to the one before. */
const added: [format: number, column: string][] = [
  [2, 'interruptions INTEGER NOT NULL DEFAULT 0'],
  [3, 'questions TEXT'],
  [3, 'asking INTEGER NOT NULL DEFAULT 0'],
]

async function addColumns(adapter: KeyvSqlite, from: number): Promise<void> {
  for (const [format, column] of added) {
    if (format <= from) continue
    try {
      await adapter.query(`ALTER TABLE raincheck_tasks ADD COLUMN ${column}`)
    } catch (error) {
      // Another process was faster.
      if (!(error instanceof Error && error.message.includes('duplicate column'))) throw error
    }
  }
}

async function useWal(adapter: KeyvSqlite): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await adapter.query('PRAGMA journal_mode=WAL')
      return
    } catch (error) {
      if (tries === WAL_TRIES || !isBusy(error)) throw error
      await pause(50)
    }
  }
}

/** `live` is a column, so that the one live task of a key can be a unique index, which makes `start` atomic. */
const schema = [
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
  'CREATE INDEX IF NOT EXISTS raincheck_list ON raincheck_tasks (scope, created_at)',
  'CREATE INDEX IF NOT EXISTS raincheck_names ON raincheck_tasks (scope, name, created_at)',
  // Most are complete, and to find those takes no index of their own.
  `CREATE INDEX IF NOT EXISTS raincheck_incomplete ON raincheck_tasks (scope, status, created_at)
    WHERE status <> 'complete'`,
  'CREATE INDEX IF NOT EXISTS raincheck_revoked ON raincheck_tasks (revoked_from) WHERE revoked_from IS NOT NULL',
  'CREATE TABLE IF NOT EXISTS raincheck_leases (owner TEXT PRIMARY KEY, until REAL NOT NULL)',
  `PRAGMA user_version=${RECORD_FORMAT}`,
]

function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes('SQLITE_BUSY')
}

function unusable(path: string, error: unknown): RaincheckError {
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
  [
    /Cannot find (package|module)|bindings file/,
    'run `npm install @keyv/sqlite`, and let it build its driver',
  ],
]
