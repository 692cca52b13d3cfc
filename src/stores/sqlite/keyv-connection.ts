import { createRequire } from 'node:module'
import type { KeyvSqlite } from '@keyv/sqlite'
import { messageOf, RaincheckError } from '../../core/words/errors.js'
import { BUSY_TIMEOUT_MS, isBusy } from './busy.js'
import type { Connection, Row, Statement } from './connection.js'
import { VALUES_TABLE } from './values.js'

/** A connection by @keyv/sqlite, for a Node without SQLite. */
export async function connect(path: string): Promise<Connection> {
  const adapter = await open(path, VALUES_TABLE, BUSY_TIMEOUT_MS)
  const run = async (statements: readonly Statement[]) => {
    const rows: Row[][] = []
    for (const [sql, parameters] of statements) rows.push((await adapter.query(sql, parameters)) as Row[])
    return rows
  }
  return { lost: false, run, close: () => adapter.disconnect() }
}

export async function lock(path: string): Promise<(() => Promise<void>) | undefined> {
  const adapter = await open(path, 'lock', 1)
  try {
    await adapter.query('BEGIN EXCLUSIVE')
  } catch (error) {
    await adapter.disconnect().catch(() => {})
    if (isBusy(error)) return undefined
    throw error
  }
  return () => adapter.disconnect()
}

async function open(path: string, table: string, busyTimeout: number): Promise<KeyvSqlite> {
  const { KeyvSqlite } = load()
  const adapter = new KeyvSqlite({ uri: `sqlite://${path}`, table, busyTimeout })
  adapter.on('error', () => {}) // The same error rejects the first query.
  return adapter
}

/**
 * Loads @keyv/sqlite, an optional peer. Required, not imported: Node 20 ends the process over a CommonJS module that throws below an import, even
 * where that is caught.
 * @throws RaincheckError `MISSING_PEER` where it is missing, or was installed without its binary.
 */
export function load(): typeof import('@keyv/sqlite') {
  try {
    return createRequire(import.meta.url)('@keyv/sqlite')
  } catch (cause) {
    throw new RaincheckError('MISSING_PEER', missing(messageOf(cause)), { cause })
  }
}

function missing(reason: string): string {
  const before = `a store in SQLite needs @keyv/sqlite on Node ${process.versions.node}, which has no SQLite of its own`
  if (/Cannot find (?:package|module) /.test(reason))
    return `${before}: run \`npm install raincheck @keyv/sqlite\`, or use Node 22.13 or later`
  return `${before}, and it cannot be loaded (${firstSentence(reason)}): build its driver with \`npm rebuild sqlite3 --ignore-scripts=false\`, or use Node 22.13 or later`
}

/** Without the places that were looked at. */
function firstSentence(text: string): string {
  return text.split(/\n|\. /, 1)[0] as string
}
