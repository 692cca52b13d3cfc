import type { Attempt, Progress } from '../core/answer.js'
import type { ErrorInfo } from '../core/errors.js'
import { isAsking, type Questions } from '../core/questions.js'
import type { Ref } from '../core/ref.js'
import type { ListFilter, Settlement, StoredTask, TaskRecord, TaskStore } from '../core/task-store.js'
import { inBatches } from './batches.js'
import type { SqliteFile } from './sqlite-file.js'

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
    update: (ref, run, { status, startedAt, progress, priority }) =>
      changed(UPDATE, [status, startedAt, toJson(progress), priority, ref, run]),
    settle: (ref, run, settlement) => settle({ ref, run, settlement }),
    revoke: (ref, run, settlement) => changed(REVOKE, [...settledColumns(settlement), ref, run]),
    interrupt: (ref, run, settlement) => changed(INTERRUPT, [...settledColumns(settlement), ref, run]),
    leave: (ref, run) => changed(LEAVE, [ref, run]),
    ask: (ref, run, { questions }) =>
      changed(ASK, [JSON.stringify(questions), Number(isAsking(questions)), ref, run]),
    answer: (ref, from, to) =>
      changed(ANSWER, [JSON.stringify(to), Number(isAsking(to)), ref, JSON.stringify(from)]),
    unheld: async () => (await file.query<Row>(UNHELD)).map(fromRow),
    takeOver: async (ref, run, owner) => {
      const [row] = await file.query<Row>(TAKE_OVER, [owner, ref, run])
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
    list: (filter) => list(file, filter),
    remove: (ref) => changed('DELETE FROM raincheck_tasks WHERE ref = ? AND live = 0 RETURNING ref', [ref]),
    renew: async (owner, ms) => void (await file.query(RENEW, [owner, ms])),
    release: async (owner) =>
      void (await file.query('DELETE FROM raincheck_leases WHERE owner = ?', [owner])),
    sweep: ({ now, settledBefore }) =>
      settledBefore === undefined
        ? file.query<Swept>(sweep('expires_at <= ?'), [now])
        : file.query<Swept>(sweep('(expires_at <= ? OR settled_at < ?)'), [now, settledBefore]),
    close: () => file.close(),
  }
}

const NOW = "(unixepoch('subsec') * 1000)"
const HELD = `owner IN (SELECT owner FROM raincheck_leases WHERE until > ${NOW})`
const SELECT = `SELECT *, ${HELD} AS held FROM raincheck_tasks`
// `> 0` is what the index of fresh tasks covers; the planner does not see that any time is.
const STANDS = 'key = ? AND (live = 1 OR (fresh_until > 0 AND fresh_until > ?))'
const COLUMNS =
  'ref, key, scope, name, status, live, run, owner, interruptions, priority, created_at, started_at, fresh_until, expires_at, facts'
// Of two live tasks of a key the unique index lets only one in.
const insertRows = (rows: number) => `WITH new (${COLUMNS}, stale_at) AS (VALUES ${rowsOf(rows, 16)})
  INSERT INTO raincheck_tasks (${COLUMNS}) SELECT ${COLUMNS} FROM new
  WHERE NOT EXISTS (SELECT 1 FROM raincheck_tasks AS old
    WHERE old.key = new.key AND old.fresh_until > 0 AND old.fresh_until > new.stale_at)
  ON CONFLICT DO NOTHING RETURNING ref`
const settleRows = (
  rows: number,
) => `WITH new (status, started_at, settled_at, fresh_until, expires_at, progress, outcome,
    ref, run) AS (VALUES ${rowsOf(rows, 9)})
  UPDATE raincheck_tasks AS old SET live = 0, status = new.status, started_at = coalesce(new.started_at, old.started_at),
  settled_at = new.settled_at, fresh_until = new.fresh_until, expires_at = new.expires_at,
  progress = coalesce(new.progress, old.progress), outcome = new.outcome
  FROM new WHERE old.ref = new.ref AND old.run = new.run AND old.live = 1 RETURNING ref`
const UPDATE = `UPDATE raincheck_tasks SET status = coalesce(?, status), started_at = coalesce(?, started_at),
  progress = coalesce(?, progress), priority = coalesce(?, priority)
  WHERE ref = ? AND run = ? AND live = 1 RETURNING ref`
const SET_REVOKED = `UPDATE raincheck_tasks SET revoked_from = owner, live = 0, status = ?, started_at = coalesce(?, started_at),
  settled_at = ?, fresh_until = ?, expires_at = ?, progress = coalesce(?, progress), outcome = ?
  WHERE ref = ? AND run = ? AND live = 1`
const REVOKE = `${SET_REVOKED} RETURNING ref`
const INTERRUPT = `${SET_REVOKED} AND NOT ${HELD} RETURNING ref`
const LEAVE =
  "UPDATE raincheck_tasks SET owner = '', status = 'pending' WHERE ref = ? AND run = ? AND live = 1 RETURNING ref"
const ASK = `UPDATE raincheck_tasks SET owner = '', status = 'pending', questions = ?, asking = ?
  WHERE ref = ? AND run = ? AND live = 1 RETURNING ref`
const ANSWER = `UPDATE raincheck_tasks SET questions = ?, asking = ?
  WHERE ref = ? AND live = 1 AND questions = ? RETURNING ref`
const INTERRUPTIONS = "interruptions + (owner <> '' AND status = 'processing')"
// One that takes its process down must not stand in the way of the others.
const UNHELD = `${SELECT} WHERE live = 1 AND asking = 0 AND NOT ${HELD}
  ORDER BY priority DESC, ${INTERRUPTIONS}, created_at LIMIT 1000`
const TAKE_OVER = `UPDATE raincheck_tasks SET revoked_from = owner, owner = ?, run = run + 1, status = 'pending',
  interruptions = ${INTERRUPTIONS}
  WHERE ref = ? AND run = ? AND live = 1 AND asking = 0 AND NOT ${HELD} RETURNING *`
const REVOKED = 'SELECT ref FROM raincheck_tasks WHERE revoked_from = ?'
const NEWEST = 'ORDER BY settled_at DESC LIMIT 1'
const RENEW = `INSERT INTO raincheck_leases (owner, until) VALUES (?, ${NOW} + ?)
  ON CONFLICT (owner) DO UPDATE SET until = excluded.until`
const sweep = (ended: string) => `DELETE FROM raincheck_tasks WHERE ref IN (
  SELECT ref FROM raincheck_tasks WHERE live = 0 AND ${ended} LIMIT 1000) RETURNING ref, run`

/** A place in the list is a time and, among those of one time, a ref. */
function list(file: SqliteFile, { scope, status, name, limit, after }: ListFilter): Promise<StoredTask[]> {
  const conditions: [sql: string, values: unknown[]][] = [['scope = ?', [scope]]]
  if (status !== undefined) conditions.push(['status = ?', [status]])
  // What the index of these covers; the planner does not see that it follows.
  if (status !== undefined && status !== 'complete') conditions.push(["status <> 'complete'", []])
  if (name !== undefined) conditions.push(['name = ?', [name]])
  if (after) {
    const { createdAt, ref } = after
    conditions.push(['created_at <= ? AND (created_at < ? OR ref > ?)', [createdAt, createdAt, ref]])
  }
  const where = conditions.map(([sql]) => sql).join(' AND ')
  const values = conditions.flatMap(([, some]) => some)
  return file
    .query<Row>(`${SELECT} WHERE ${where} ORDER BY created_at DESC, ref LIMIT ?`, [...values, limit])
    .then((rows) => rows.map(fromRow))
}

function rowsOf(rows: number, columns: number): string {
  const row = `(${Array(columns).fill('?').join()})`
  return Array(rows).fill(row).join()
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
  run: number
  settlement: Settlement
}

async function settleAll(file: SqliteFile, items: readonly SettledRun[]): Promise<boolean[]> {
  const values = items.flatMap(({ ref, run, settlement }) => [...settledColumns(settlement), ref, run])
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
    const order = 'ORDER BY live DESC, settled_at DESC LIMIT 1'
    const [row] = await file.query<Row>(`${SELECT} WHERE ${STANDS} ${order}`, [record.key, staleAt])
    if (row) return fromRow(row)
  }
}

interface Row {
  ref: Ref
  key: string
  scope: string
  name: string
  status: TaskRecord['status']
  run: number
  owner: string
  interruptions: number
  priority: number
  created_at: number
  started_at: number | null
  settled_at: number | null
  fresh_until: number
  expires_at: number
  progress: string | null
  facts: string
  outcome: string | null
  questions: string | null
  held: 0 | 1
}

interface Swept {
  ref: Ref
  run: number
}

/** What is never searched by and never changes. */
type Facts = Pick<TaskRecord, 'format' | 'app' | 'version' | 'title' | 'config' | 'resume' | 'input'>

interface Ending {
  error?: ErrorInfo
  attempts?: Attempt[]
  retryable?: boolean
}

function insertedColumns(record: TaskRecord): unknown[] {
  const { ref, key, scope, name, status, run, owner, interruptions, priority } = record
  const { createdAt, startedAt, freshUntil, expiresAt } = record
  const { format, app, version, title, config, resume, input } = record
  const facts: Facts = { format, app, version, title, config, resume, input }
  return [
    ...[ref, key, scope, name, status, 1, run, owner, interruptions, priority, createdAt, startedAt ?? null],
    ...[freshUntil ?? 0, expiresAt ?? 0, JSON.stringify(facts)],
  ]
}

function settledColumns(settlement: Settlement): unknown[] {
  const { status, startedAt, settledAt, freshUntil, expiresAt, progress, error, attempts, retryable } =
    settlement
  const outcome = status === 'failed' ? JSON.stringify({ error, attempts, retryable }) : null
  return [status, startedAt ?? null, settledAt, freshUntil, expiresAt, toJson(progress), outcome]
}

function fromRow(row: Row): StoredTask {
  const { ref, key, scope, name, status, run, owner, interruptions, priority } = row
  const { format, app, version, title, config, resume, input } = JSON.parse(row.facts) as Facts
  const { error, attempts, retryable } = (row.outcome === null ? {} : JSON.parse(row.outcome)) as Ending
  return {
    ...{ format, ref, key, scope, app, name, version, title, config, resume, input },
    ...{ status, run, owner, interruptions, priority },
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    settledAt: row.settled_at ?? undefined,
    freshUntil: row.fresh_until,
    expiresAt: row.expires_at,
    progress: row.progress === null ? undefined : (JSON.parse(row.progress) as Progress),
    ...{ error, attempts, retryable },
    questions: row.questions === null ? undefined : (JSON.parse(row.questions) as Questions),
    held: row.held === 1,
  }
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
