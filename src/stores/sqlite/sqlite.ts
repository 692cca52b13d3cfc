import type { Status } from '../../core/words/answer.js'
import { isAsking } from '../../core/words/questions.js'
import type { Ref } from '../../core/words/ref.js'
import type { ListFilter, Settlement, StoredTask, TaskStore } from '../../core/words/task-store.js'
import { inBatches } from './batches.js'
import type { SqliteFile } from './file.js'
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
  STANDS,
  settleRows,
  sweep,
  TAKE_OVER,
  UNHELD,
  UPDATE,
} from './statements.js'

/**
 * Task records in a SQLite file that any number of processes share. Each operation is one statement, or a row of one: what
 * every task needs goes out in batches.
 */
export function sqliteTaskStore(file: SqliteFile): TaskStore {
  const insert = inBatches(
    ({ record }: Insertion) => record.ref,
    (items) => insertAll(file, items),
  )
  const settle = inBatches(
    ({ ref }: SettledRun) => ref,
    (items) => settleAll(file, items),
  )
  const changed = async (sql: string, parameters: unknown[]) => (await file.query(sql, parameters)).length > 0
  return {
    shared: true,
    keepsValues: false,
    start: (record, options) => start(file, insert, record, options),
    update: (ref, term, { status, startedAt, progress, priority }) =>
      changed(UPDATE, [status, startedAt, toJson(progress), priority, ref, term]),
    settle: (ref, term, settlement) => settle({ ref, term, settlement }),
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
    revoked: async (owner) => (await file.query<{ ref: Ref }>(REVOKED, [owner])).map(({ ref }) => ref),
    get: async (ref) => {
      const [row] = await file.query<Row>(`${SELECT} WHERE ref = ?`, [ref])
      return row && fromRow(row)
    },
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
    renew: async (owner, ms) => void (await file.query(RENEW, [owner, ms])),
    release: async (owner) =>
      void (await file.query('DELETE FROM raincheck_leases WHERE owner = ?', [owner])),
    sweep: ({ now, settledBefore }) =>
      settledBefore === undefined
        ? file.query<Swept>(sweep('expires_at <= ?'), [now])
        : file.query<Swept>(sweep('(expires_at <= ? OR settled_at < ?)'), [now, settledBefore]),
  }
}

/** A record says `processing` also when nobody holds the task any more, which then shows `pending`. */
async function list(file: SqliteFile, filter: ListFilter): Promise<StoredTask[]> {
  const { status, limit } = filter
  // Each part is read in the order of an index. One part for both statuses would sort all live tasks.
  const parts =
    status === 'pending'
      ? [listPart(filter, 'pending'), listPart(filter, 'processing', 0)]
      : [listPart(filter, status, status === 'processing' ? 1 : undefined)]
  const sql = parts.map((part) => `SELECT * FROM (${part.sql})`).join(' UNION ALL ')
  const values = parts.flatMap((part) => part.values)
  const rows = await file.query<Row>(`${sql} ${LISTED} LIMIT ?`, [...values, limit])
  return rows.map(fromRow)
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

interface SettledRun {
  ref: Ref
  term: number
  settlement: Settlement
}

async function settleAll(file: SqliteFile, items: readonly SettledRun[]): Promise<boolean[]> {
  const values = items.flatMap(({ ref, term, settlement }) => [...settledColumns(settlement), ref, term])
  const settled = new Set((await file.query<Row>(settleRows(items.length), values)).map(({ ref }) => ref))
  return items.map(({ ref }) => settled.has(ref))
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
    const found = await standing(file, record.key, staleAt)
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
