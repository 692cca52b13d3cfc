import type { Attempt, Progress } from '../core/answer.js'
import type { ErrorInfo } from '../core/errors.js'
import type { Ref } from '../core/ref.js'
import type { Settlement, StoredTask, TaskRecord, TaskStore } from '../core/task-store.js'
import type { SqliteFile } from './sqlite-file.js'

/** Task records in a SQLite file that any number of processes share. Each operation is one statement. */
export function sqliteTaskStore(file: SqliteFile): TaskStore {
  const changed = async (sql: string, parameters: unknown[]) => (await file.query(sql, parameters)).length > 0
  return {
    shared: true,
    start: (record, options) => start(file, record, options),
    update: (ref, run, { status, startedAt, progress, priority }) =>
      changed(UPDATE, [status, startedAt, toJson(progress), priority, ref, run]),
    settle: (ref, run, settlement) => changed(SETTLE, [...settledColumns(settlement), ref, run]),
    interrupt: (ref, run, settlement) => changed(INTERRUPT, [...settledColumns(settlement), ref, run]),
    get: async (ref) => {
      const [row] = await file.query<Row>(`${SELECT} WHERE ref = ?`, [ref])
      return row && fromRow(row)
    },
    renew: async (owner, ms) => void (await file.query(RENEW, [owner, ms])),
    release: async (owner) =>
      void (await file.query('DELETE FROM raincheck_leases WHERE owner = ?', [owner])),
    sweep: ({ now }) => file.query<{ ref: Ref; run: number }>(SWEEP, [now]),
    close: () => file.close(),
  }
}

const NOW = "(unixepoch('subsec') * 1000)"
const HELD = `owner IN (SELECT owner FROM raincheck_leases WHERE until > ${NOW})`
const SELECT = `SELECT *, ${HELD} AS held FROM raincheck_tasks`
const STANDS = 'key = ? AND (live = 1 OR fresh_until > ?)'
const COLUMNS =
  'ref, key, scope, name, status, live, run, owner, priority, created_at, started_at, fresh_until, expires_at, facts'
const INSERT = `INSERT INTO raincheck_tasks (${COLUMNS})
  SELECT ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM raincheck_tasks WHERE ${STANDS})
  ON CONFLICT DO NOTHING RETURNING ref`
const UPDATE = `UPDATE raincheck_tasks SET status = coalesce(?, status), started_at = coalesce(?, started_at),
  progress = coalesce(?, progress), priority = coalesce(?, priority)
  WHERE ref = ? AND run = ? AND live = 1 RETURNING ref`
const SET_SETTLED = `UPDATE raincheck_tasks SET live = 0, status = ?, started_at = coalesce(?, started_at),
  settled_at = ?, fresh_until = ?, expires_at = ?, progress = coalesce(?, progress), outcome = ?
  WHERE ref = ? AND run = ? AND live = 1`
const SETTLE = `${SET_SETTLED} RETURNING ref`
const INTERRUPT = `${SET_SETTLED} AND NOT ${HELD} RETURNING ref`
const RENEW = `INSERT INTO raincheck_leases (owner, until) VALUES (?, ${NOW} + ?)
  ON CONFLICT (owner) DO UPDATE SET until = excluded.until`
const SWEEP = `DELETE FROM raincheck_tasks WHERE ref IN (
  SELECT ref FROM raincheck_tasks WHERE live = 0 AND expires_at <= ? LIMIT 1000) RETURNING ref, run`

/** The task that stood in the way may be gone when it is read; then the key is tried once more. */
async function start(
  file: SqliteFile,
  record: TaskRecord,
  options: { now: number; refresh: boolean },
): Promise<StoredTask> {
  // A refresh passes over what is settled, as if it were stale since ever.
  const staleAt = options.refresh ? Number.MAX_VALUE : options.now
  for (;;) {
    const inserted = await file.query(INSERT, [...insertedColumns(record), record.key, staleAt])
    if (inserted.length > 0) return { ...record, held: true }
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
  priority: number
  created_at: number
  started_at: number | null
  settled_at: number | null
  fresh_until: number
  expires_at: number
  progress: string | null
  facts: string
  outcome: string | null
  held: 0 | 1
}

/** What is never searched by and never changes. */
type Facts = Pick<TaskRecord, 'format' | 'app' | 'version' | 'title' | 'input'>

interface Ending {
  error?: ErrorInfo
  attempts?: Attempt[]
  retryable?: boolean
}

function insertedColumns(record: TaskRecord): unknown[] {
  const { ref, key, scope, name, status, run, owner, priority, createdAt, startedAt, freshUntil, expiresAt } =
    record
  const { format, app, version, title, input } = record
  const facts: Facts = { format, app, version, title, ...(input === undefined ? {} : { input }) }
  return [
    ...[ref, key, scope, name, status, run, owner, priority, createdAt, startedAt ?? null],
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
  const { ref, key, scope, name, status, run, owner, priority } = row
  const facts = JSON.parse(row.facts) as Facts
  const ending = row.outcome === null ? {} : (JSON.parse(row.outcome) as Ending)
  return {
    ...{ ref, key, scope, name, status, run, owner, priority, ...facts, ...ending, held: row.held === 1 },
    ...{ createdAt: row.created_at, freshUntil: row.fresh_until, expiresAt: row.expires_at },
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
    ...(row.progress === null ? {} : { progress: JSON.parse(row.progress) as Progress }),
  }
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
