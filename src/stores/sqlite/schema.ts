import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { pause } from '../../core/words/timers.js'
import { BUSY_TIMEOUT_MS, isBusy } from './busy.js'
import { CREATE_VALUES } from './values.js'

type Query = (sql: string) => Promise<{ user_version?: number; name?: string; ref?: string }[]>

/** Gives an open file its tables, or brings those of an older format up to date. Processes that open it at once wait for each other. */
export async function prepare(query: Query): Promise<void> {
  await useWal(query)
  await query('PRAGMA synchronous=NORMAL')
  if ((await formatOf(query)) === RECORD_FORMAT) return
  await query('BEGIN IMMEDIATE')
  try {
    // Another process may have been faster.
    const format = await formatOf(query)
    if (format > 0 && format < RECORD_FORMAT) await update(query)
    for (const statement of schema) await query(statement)
    await query('COMMIT')
  } catch (error) {
    await query('ROLLBACK').catch(() => {}) // SQLite may have done so itself.
    throw error
  }
}

export function refuseNewer(format: number): void {
  if (format > RECORD_FORMAT)
    throw new Error(
      `it was written by a newer raincheck (format ${format}, this one knows ${RECORD_FORMAT}); update raincheck, or use another file`,
    )
}

async function formatOf(query: Query): Promise<number> {
  const [{ user_version: format = 0 } = {}] = await query('PRAGMA user_version')
  refuseNewer(format)
  return format
}

/** The switch to WAL does not wait by SQLite's busy timeout, so it is tried again after so many milliseconds. */
const WAL_PAUSE_MS = 50

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

/** As many tasks as are copied in a moment: a thread that says nothing for some seconds is given up. */
const COPIED_AT_ONCE = 10_000

/** Formats 2 and 3 added columns, of which a process that was killed may have left some. Format 4 gave each task a number. */
async function update(query: Query): Promise<void> {
  const there = (await query("SELECT name FROM pragma_table_info('raincheck_tasks')")).map(({ name }) => name)
  for (const [column, type] of COLUMNS)
    if (!there.includes(column)) await query(`ALTER TABLE raincheck_tasks ADD COLUMN ${column} ${type}`)
  await query('ALTER TABLE raincheck_tasks RENAME TO raincheck_older_tasks')
  await query(CREATE_TASKS)
  const columns = COLUMNS.map(([name]) => name).join()
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rest = `FROM raincheck_older_tasks WHERE ref > '${after}' ORDER BY ref`
    await query(`INSERT INTO raincheck_tasks (${columns}) SELECT ${columns} ${rest} LIMIT ${COPIED_AT_ONCE}`)
    const [last] = await query(`SELECT ref ${rest} LIMIT 1 OFFSET ${COPIED_AT_ONCE - 1}`)
    after = last?.ref
  }
  await query('DROP TABLE raincheck_older_tasks')
}

/** `live` is a column, so that the one live task of a key can be a unique index, which makes `start` atomic. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['ref', 'TEXT NOT NULL UNIQUE'],
  ['key', 'TEXT NOT NULL'],
  ['scope', 'TEXT NOT NULL'],
  ['name', 'TEXT NOT NULL'],
  ['status', 'TEXT NOT NULL'],
  ['live', 'INTEGER NOT NULL'],
  ['run', 'INTEGER NOT NULL'],
  ['owner', 'TEXT NOT NULL'],
  ['interruptions', 'INTEGER NOT NULL DEFAULT 0'],
  ['priority', 'REAL NOT NULL'],
  ['created_at', 'REAL NOT NULL'],
  ['started_at', 'REAL'],
  ['settled_at', 'REAL'],
  ['fresh_until', 'REAL NOT NULL'],
  ['expires_at', 'REAL NOT NULL'],
  ['progress', 'TEXT'],
  ['facts', 'TEXT NOT NULL'],
  ['outcome', 'TEXT'],
  ['revoked_from', 'TEXT'],
  ['questions', 'TEXT'],
  ['asking', 'INTEGER NOT NULL DEFAULT 0'],
]

/**
 * By a number that grows, tasks that are written together are in one page: refs, which are random, would spread each batch over the whole
 * table (6.3 pages of the log a task instead of 3.5, in batches of 50).
 */
const CREATE_TASKS = `CREATE TABLE IF NOT EXISTS raincheck_tasks (id INTEGER PRIMARY KEY,${COLUMNS.map((column) => column.join(' ')).join()})`

const schema = [
  CREATE_VALUES,
  CREATE_TASKS,
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
  // Else one that is fresh for longer would answer again after its successor.
  `CREATE TRIGGER IF NOT EXISTS raincheck_succeeded AFTER UPDATE OF status ON raincheck_tasks
    WHEN new.status = 'complete' AND old.live = 1 BEGIN
      UPDATE raincheck_tasks SET fresh_until = 0 WHERE key = new.key AND fresh_until > 0 AND ref <> new.ref; END`,
  'CREATE TABLE IF NOT EXISTS raincheck_leases (owner TEXT PRIMARY KEY, until REAL NOT NULL)',
  `PRAGMA user_version=${RECORD_FORMAT}`,
]
