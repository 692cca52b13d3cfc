import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, RaincheckError, storeLost } from '../../core/words/errors.js'
import type { Connection, Driver, Row, SqliteFile, Statement } from './connection.js'
import { sqliteDriver } from './driver.js'
import { enter, type OpenFile } from './open-files.js'
import { prepare, refuseNewer } from './schema.js'

/** How often an operation is begun anew at most, each time in another file. */
const MOST_AGAIN = 10

/** A SQLite file that is opened by its first use. */
export function sqliteFile(path: string, driver: Driver = sqliteDriver()): SqliteFile {
  let opening: Promise<OpenFile> | undefined
  const listeners: ((error: RaincheckError) => void)[] = []
  const open = async (): Promise<OpenFile> => {
    opening ??= openFile(path, driver)
    const opened = opening
    const file = await opened.catch((error) => {
      if (opening === opened) opening = undefined
      throw error
    })
    if (!file.connection.lost && !file.isRetired) return file
    if (opening === opened) {
      opening = undefined
      if (file.isRetired) for (const listener of listeners) listener(storeLost(path, 'deleted or replaced'))
    }
    await file.leave()
    return open()
  }
  const run = async (statements: readonly Statement[]): Promise<Row[][]> => {
    for (let again = 0; again <= MOST_AGAIN; again++) {
      const file = await open()
      try {
        const rows = await file.connection.run(statements)
        if (file.isInPlace()) return rows
      } catch (error) {
        if (file.isInPlace()) throw error
      }
    }
    throw unusable(path, new Error('it is replaced again and again'))
  }
  return {
    transactions: driver.transactions,
    open,
    run,
    query: async <Columns>(sql: string, parameters: readonly unknown[] = []) => {
      const [rows] = await run([[sql, parameters]])
      return rows as Columns[]
    },
    find: async <Columns>(sql: string, parameters: readonly unknown[]) => {
      const file = await open()
      // Before, since it may open what is at the path.
      return file.isInPlace()
        ? (file.connection.find?.([sql, parameters]) as Columns[] | undefined)
        : undefined
    },
    isLost: async () => {
      const file = await opening?.catch(() => undefined)
      return file !== undefined && !file.isInPlace()
    },
    onLost: (listener) => void listeners.push(listener),
    look: async () => {
      const file = await open()
      if (!file.isWhole()) await open()
    },
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
    const query = async (sql: string) => (await connection.run([[sql, []]]))[0] as object[]
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
