import type { StoredData } from 'keyv'
import type { Ref } from '../../core/words/ref.js'
import { keptValue } from '../kept-values.js'
import type { SqliteFile, Statement } from './connection.js'

/** Made as @keyv/sqlite makes its own, so that a Keyv with that, in another process, finds the values. */
export const VALUES_TABLE = 'raincheck_values'
export const CREATE_VALUES = `CREATE TABLE IF NOT EXISTS ${VALUES_TABLE}(key VARCHAR(255) PRIMARY KEY, value TEXT )`

const REPLACE = 'ON CONFLICT (key) DO UPDATE SET value = excluded.value'
const KEEP = `INSERT INTO ${VALUES_TABLE} (key, value) SELECT ?, ? WHERE changes() > 0 ${REPLACE}`

/** Keeps the value of a task, where the statement before it in the transaction has settled that. */
export function keep(ref: Ref, term: number, text: string, expiresAt: number): Statement {
  const [key, value] = keptValue(ref, term, text, expiresAt)
  return [KEEP, [key, value]]
}

/** Null for a value of more than 64 kB: to read that takes a while, and its length does not. */
const SMALL = `SELECT CASE WHEN octet_length(value) <= 65536 THEN value END AS value FROM ${VALUES_TABLE} WHERE key = ?`

/** What Keyv needs of a store to keep values in it. */
export function valuesIn(file: SqliteFile) {
  const read = async (key: string) => {
    const found = await file.find<{ value: string | null }>(SMALL, [key])
    if (found && found[0]?.value !== null) return found[0]?.value
    const [row] = await file.query<{ value: string }>(`SELECT value FROM ${VALUES_TABLE} WHERE key = ?`, [
      key,
    ])
    return row?.value
  }
  return {
    get: async <Value>(key: string) => (await read(key)) as StoredData<Value>,
    set: async (key: string, value: string) =>
      void (await file.query(`INSERT INTO ${VALUES_TABLE} (key, value) VALUES (?, ?) ${REPLACE}`, [
        key,
        value,
      ])),
    delete: async (key: string) =>
      (await file.query(`DELETE FROM ${VALUES_TABLE} WHERE key = ? RETURNING key`, [key])).length > 0,
    clear: async () => void (await file.query(`DELETE FROM ${VALUES_TABLE}`)),
  }
}
