import type { Row } from './connection.js'

/** A file opened by Node's own SQLite, whose errors are named as those of @keyv/sqlite are. */
export class Database {
  readonly #native: NativeDatabase
  readonly #prepared = new Map<string, NativeStatement>()

  /** @param busyMs How long it waits, with its thread, for a lock. */
  constructor(path: string, busyMs: number) {
    const { DatabaseSync } = loadSqlite()
    this.#native = naming(() => new DatabaseSync(path))
    this.all(`PRAGMA busy_timeout=${busyMs}`)
  }

  /** All rows of one statement. It stays prepared, so there must be few different ones. */
  all(sql: string, parameters: readonly unknown[] = []): Row[] {
    return naming(() => {
      let prepared = this.#prepared.get(sql)
      if (!prepared) {
        prepared = this.#native.prepare(sql)
        this.#prepared.set(sql, prepared)
      }
      return prepared.all(...parameters.map((one) => (one === undefined ? null : one)))
    })
  }

  close(): void {
    naming(() => this.#native.close())
  }
}

interface NativeStatement {
  all(...parameters: unknown[]): Row[]
}

interface NativeDatabase {
  prepare(sql: string): NativeStatement
  close(): void
}

interface NodeSqlite {
  DatabaseSync: new (path: string) => NativeDatabase
}

/** Node 22 warns at the first load that it is experimental, on the standard error of whoever uses this library. */
function loadSqlite(): NodeSqlite {
  const { emitWarning } = process
  process.emitWarning = (...args: unknown[]) => {
    if (args[1] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, args)
  }
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite
  } finally {
    process.emitWarning = emitWarning
  }
}

function naming<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    const { errcode, message } = error as Error & { errcode?: number }
    if (errcode === undefined) throw error
    // The low byte is the kind, the rest tells more of it.
    throw new Error(`SQLITE_${names[errcode & 0xff] ?? 'ERROR'}: ${message}`, { cause: error })
  }
}

const names: Readonly<Record<number, string>> = {
  5: 'BUSY',
  6: 'LOCKED',
  7: 'NOMEM',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  18: 'TOOBIG',
  19: 'CONSTRAINT',
  26: 'NOTADB',
}
