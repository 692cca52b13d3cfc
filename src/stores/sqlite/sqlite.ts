import type { Status } from '../../core/words/answer.js'
import { isAsking } from '../../core/words/questions.js'
import type { Ref } from '../../core/words/ref.js'
import type { ListFilter, Settlement, StoredTask, TaskStore } from '../../core/words/task-store.js'
import { inBatches } from './batches.js'
import type { SqliteFile, Statement } from './connection.js'
import { fromRow, insertedColumns, type Row, settledColumns, toJson } from './record.js'
import {
  ANSWER,
  ASK,
  FORGET,
  INTERRUPT,
  insertRows,
  LEAVE,
  NEWEST,
  RENEW,
  REVOKE,
  REVOKED,
  removeRows,
  SELECT,
  SETTLE,
  STANDS,
  settleRows,
  sweep,
  TAKE_OVER,
  UNHELD,
  UPDATE,
} from './statements.js'
import { keep } from './values.js'

/** As many rows as cost the loop no more to read than to be sent by a thread. */
const SHORT_LIST = 100

const BY_REF = `${SELECT} WHERE ref = ?`
const INSERT_ROW = insertRows(1)

/**
 * Task records in a SQLite file that any number of processes share. Each operation is one statement, or a row of one: what
 * every task needs goes out in batches.
 */
export function sqliteTaskStore(file: SqliteFile): TaskStore {
  // A driver with transactions gathers by itself.
  const insert = file.transactions
    ? (item: Insertion) => insertOne(file, item)
    : inBatches(
        ({ record }: Insertion) => record.ref,
        (items) => insertAll(file, items),
      )
  const settle = file.transactions
    ? (item: SettledRun) => settleOne(file, item)
    : inBatches(
        ({ ref }: SettledRun) => ref,
        (items) => settleAll(file, items),
      )
  const changed = async (sql: string, parameters: unknown[]) => (await file.query(sql, parameters)).length > 0
  return {
    shared: true,
    keepsValues: file.transactions,
    start: (record, options) => start(file, insert, record, options),
    update: (ref, term, { status, startedAt, progress, priority }) =>
      changed(UPDATE, [status, startedAt, toJson(progress), priority, ref, term]),
    settle: (ref, term, settlement, text) => settle({ ref, term, settlement, text }),
    revoke: (ref, term, settlement) => changed(REVOKE, [...settledColumns(settlement), ref, term]),
    interrupt: (ref, term, settlement) => changed(INTERRUPT, [...settledColumns(settlement), ref, term]),
    leave: (ref, term) => changed(LEAVE, [ref, term]),
    ask: (ref, term, { questions }) =>
      changed(ASK, [JSON.stringify(questions), Number(isAsking(questions)), ref, term]),
    answer: (ref, from, to) =>
      changed(ANSWER, [JSON.stringify(to), Number(isAsking(to)), ref, JSON.stringify(from)]),
    unheld: async () => (await file.query<Row>(UNHELD)).map(fromRow),
    takeOver: async (ref, term, owner) => {
      const [row] = await file.query<Row>(TAKE_OVER, [owner, ref, term])
      return row && fromRow({ ...row, held: 1 })
    },
    revoked: async (owner) => {
      await file.look()
      return (await file.query<{ ref: Ref }>(REVOKED, [owner])).map(({ ref }) => ref)
    },
    get: (ref) => byRef(file, ref),
    latest: async (key) => {
      const [row] = await file.query<Row>(
        `${SELECT} WHERE key = ? AND fresh_until > 0 AND status = 'complete' ${NEWEST}`,
        [key],
      )
      return row && fromRow(row)
    },
    standing: async (key, now) => standing(file, key, now),
    forget: (key) => forget(file, key),
    list: (filter) => list(file, filter),
    remove: (ref) => changed('DELETE FROM raincheck_tasks WHERE ref = ? AND live = 0 RETURNING ref', [ref]),
    renew: async (owner, ms) => {
      await file.look()
      await file.query(RENEW, [owner, ms])
    },
    release: async (owner) => {
      // The lease went with its file. A close, which needs nothing else, must not make another.
      if (await file.isLost()) return
      await file.query('DELETE FROM raincheck_leases WHERE owner = ?', [owner])
    },
    sweep: ({ now, settledBefore }) =>
      settledBefore === undefined
        ? file.query<Swept>(sweep('expires_at <= ?'), [now])
        : file.query<Swept>(sweep('expires_at <= ?', 'settled_at < ?'), [now, settledBefore]),
    onLost: (listener) => file.onLost(listener),
    look: () => file.look(),
  }
}

async function byRef(file: SqliteFile, ref: Ref): Promise<StoredTask | undefined> {
  const [row] = (await file.find<Row>(BY_REF, [ref])) ?? (await file.query<Row>(BY_REF, [ref]))
  return row && fromRow(row)
}

/** A record says `processing` also when nobody holds the task any more, which then shows `pending`. */
async function list(file: SqliteFile, filter: ListFilter): Promise<StoredTask[]> {
  const { status, name, limit } = filter
  // Each part is read in the order of an index. One part for both statuses would sort all live tasks.
  const parts =
    status === 'pending'
      ? [listPart(filter, 'pending'), listPart(filter, 'processing', 0)]
      : [listPart(filter, status, status === 'processing' ? 1 : undefined)]
  const sql = parts.map((part) => `SELECT * FROM (${part.sql})`).join(' UNION ALL ')
  const values = parts.flatMap((part) => part.values)
  const all = `${sql} ${LISTED} LIMIT ?`
  // With status and name an index leads to one of them, and a page may be far apart.
  const isShort = limit <= SHORT_LIST && (status === undefined || name === undefined)
  const found = isShort ? await file.find<Row>(all, [...values, limit]) : undefined
  return (found ?? (await file.query<Row>(all, [...values, limit]))).map(fromRow)
}

const LISTED = 'ORDER BY created_at DESC, ref'

/**
 * A place in the list is a time and, among those of one time, a ref.
 * @param recorded The status that the records have.
 */
function listPart(
  { scope, name, limit, after }: ListFilter,
  recorded?: Status,
  held?: 0 | 1,
): { sql: string; values: unknown[] } {
  const conditions: [sql: string, values: unknown[]][] = [['scope = ?', [scope]]]
  if (recorded !== undefined) conditions.push(['status = ?', [recorded]])
  // What the index of these covers; the planner does not see that it follows.
  if (recorded !== undefined && recorded !== 'complete') conditions.push(["status <> 'complete'", []])
  if (held !== undefined) conditions.push(['held = ?', [held]])
  if (name !== undefined) conditions.push(['name = ?', [name]])
  if (after) {
    const { createdAt, ref } = after
    conditions.push(['created_at <= ? AND (created_at < ? OR ref > ?)', [createdAt, createdAt, ref]])
  }
  const where = conditions.map(([sql]) => sql).join(' AND ')
  return {
    sql: `${SELECT} WHERE ${where} ${LISTED} LIMIT ?`,
    values: [...conditions.flatMap(([, some]) => some), limit],
  }
}

interface Insertion {
  record: StoredTask
  /** A settled task that is fresh for longer stands in the way. */
  staleAt: number
}

async function insertAll(file: SqliteFile, items: readonly Insertion[]): Promise<boolean[]> {
  const values = items.flatMap(({ record, staleAt }) => [...insertedColumns(record), staleAt])
  const inserted = new Set((await file.query<Row>(insertRows(items.length), values)).map(({ ref }) => ref))
  return items.map(({ record }) => inserted.has(record.ref))
}

async function insertOne(file: SqliteFile, { record, staleAt }: Insertion): Promise<boolean> {
  return (await file.query(INSERT_ROW, [...insertedColumns(record), staleAt])).length > 0
}

interface SettledRun {
  ref: Ref
  term: number
  settlement: Settlement
  /** That of a value which is kept along with it. */
  text: string | undefined
}

async function settleAll(file: SqliteFile, items: readonly SettledRun[]): Promise<boolean[]> {
  const values = items.flatMap(({ ref, term, settlement }) => [...settledColumns(settlement), ref, term])
  const settled = new Set((await file.query<Row>(settleRows(items.length), values)).map(({ ref }) => ref))
  return items.map(({ ref }) => settled.has(ref))
}

/** Along with its value, if that is kept with it. */
async function settleOne(file: SqliteFile, { ref, term, settlement, text }: SettledRun): Promise<boolean> {
  const settled: Statement = [SETTLE, [...settledColumns(settlement), ref, term]]
  const value = text === undefined ? [] : [keep(ref, term, text, settlement.expiresAt)]
  const [rows = []] = await file.run([settled, ...value])
  return rows.length > 0
}

/** The task that stood in the way may be gone when it is read; then the key is tried once more. */
async function start(
  file: SqliteFile,
  insert: (item: Insertion) => Promise<boolean>,
  record: StoredTask,
  options: { now: number; refresh: boolean },
): Promise<StoredTask> {
  // A refresh passes over what is settled, as if it were stale since ever.
  const staleAt = options.refresh ? Number.MAX_VALUE : options.now
  for (;;) {
    if (await insert({ record, staleAt })) return record
    // A file that was put back may have the task itself, settled or under the key that it had then.
    const found = (await standing(file, record.key, staleAt)) ?? (await byRef(file, record.ref))
    if (found) return found
  }
}

async function standing(file: SqliteFile, key: string, staleAt: number): Promise<StoredTask | undefined> {
  const order = 'ORDER BY live DESC, settled_at DESC LIMIT 1'
  const [row] = await file.query<Row>(`${SELECT} WHERE ${STANDS} ${order}`, [key, staleAt])
  return row && fromRow(row)
}

interface Forgotten extends Swept {
  live: 0 | 1
  status: StoredTask['status']
  settled_at: number
}

/** The key answers nothing after the first statement. What the second fails to remove expires as any other. */
async function forget(file: SqliteFile, key: string): Promise<Swept[]> {
  const all = await file.query<Forgotten>(FORGET, [key])
  const settled = all.filter(({ live }) => live === 0).sort((one, other) => other.settled_at - one.settled_at)
  const answering = new Set([settled[0], settled.find(({ status }) => status === 'complete')])
  const removed = settled.filter((task) => answering.has(task)).map(({ ref, term }) => ({ ref, term }))
  if (removed.length > 0)
    await file.query(
      removeRows(removed.length),
      removed.map(({ ref }) => ref),
    )
  return removed
}

interface Swept {
  ref: Ref
  term: number
}
