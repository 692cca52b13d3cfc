// The statements of the task store, each of which is one atomic step.

const NOW = "(unixepoch('subsec') * 1000)"
const HELD = `owner IN (SELECT owner FROM raincheck_leases WHERE until > ${NOW})`
export const SELECT = `SELECT *, ${HELD} AS held FROM raincheck_tasks`
// `> 0` is what the index of fresh tasks covers; the planner does not see that any time is.
export const STANDS = 'key = ? AND (live = 1 OR (fresh_until > 0 AND fresh_until > ?))'
const COLUMNS =
  'ref, key, scope, name, status, live, run, owner, interruptions, priority, created_at, started_at, fresh_until, expires_at, facts'
// Of two live tasks of a key the unique index lets only one in.
export const insertRows = (rows: number) => `WITH new (${COLUMNS}, stale_at) AS (VALUES ${rowsOf(rows, 16)})
  INSERT INTO raincheck_tasks (${COLUMNS}) SELECT ${COLUMNS} FROM new
  WHERE NOT EXISTS (SELECT 1 FROM raincheck_tasks AS old
    WHERE old.key = new.key AND old.fresh_until > 0 AND old.fresh_until > new.stale_at)
  ON CONFLICT DO NOTHING RETURNING ref`
export const settleRows = (
  rows: number,
) => `WITH new (status, started_at, settled_at, fresh_until, expires_at, progress, outcome,
    ref, run) AS (VALUES ${rowsOf(rows, 9)})
  UPDATE raincheck_tasks AS old SET live = 0, status = new.status, started_at = coalesce(new.started_at, old.started_at),
  settled_at = new.settled_at, fresh_until = new.fresh_until, expires_at = new.expires_at,
  progress = coalesce(new.progress, old.progress), outcome = new.outcome
  FROM new WHERE old.ref = new.ref AND old.run = new.run AND old.live = 1 RETURNING ref`
export const UPDATE = `UPDATE raincheck_tasks SET status = coalesce(?, status), started_at = coalesce(?, started_at),
  progress = coalesce(?, progress), priority = coalesce(?, priority)
  WHERE ref = ? AND run = ? AND live = 1 RETURNING ref`
const SETTLED = `live = 0, status = ?, started_at = coalesce(?, started_at),
  settled_at = ?, fresh_until = ?, expires_at = ?, progress = coalesce(?, progress), outcome = ?
  WHERE ref = ? AND run = ? AND live = 1`
export const SETTLE = `UPDATE raincheck_tasks SET ${SETTLED} RETURNING ref`
const SET_REVOKED = `UPDATE raincheck_tasks SET revoked_from = owner, ${SETTLED}`
export const REVOKE = `${SET_REVOKED} RETURNING ref`
export const INTERRUPT = `${SET_REVOKED} AND NOT ${HELD} RETURNING ref`
export const LEAVE =
  "UPDATE raincheck_tasks SET owner = '', status = 'pending' WHERE ref = ? AND run = ? AND live = 1 RETURNING ref"
export const ASK = `UPDATE raincheck_tasks SET owner = '', status = 'pending', questions = ?, asking = ?
  WHERE ref = ? AND run = ? AND live = 1 RETURNING ref`
export const ANSWER = `UPDATE raincheck_tasks SET questions = ?, asking = ?
  WHERE ref = ? AND live = 1 AND questions = ? RETURNING ref`
const INTERRUPTIONS = "interruptions + (owner <> '' AND status = 'processing')"
// One that takes its process down must not stand in the way of the others.
export const UNHELD = `${SELECT} WHERE live = 1 AND asking = 0 AND NOT ${HELD}
  ORDER BY priority DESC, ${INTERRUPTIONS}, created_at LIMIT 1000`
export const TAKE_OVER = `UPDATE raincheck_tasks SET revoked_from = owner, owner = ?, run = run + 1, status = 'pending',
  interruptions = ${INTERRUPTIONS}
  WHERE ref = ? AND run = ? AND live = 1 AND asking = 0 AND NOT ${HELD} RETURNING *`
// With the index of live tasks and that of fresh ones: what is never fresh answers no key.
export const FORGET = `UPDATE raincheck_tasks SET key = 'forgotten:' || ref,
  revoked_from = CASE live WHEN 1 THEN owner ELSE revoked_from END
  WHERE key = ? AND (live = 1 OR fresh_until > 0) RETURNING ref, run AS term, live, status, settled_at`
export const removeRows = (rows: number) =>
  `DELETE FROM raincheck_tasks WHERE ref IN (${Array(rows).fill('?').join()}) AND live = 0`
export const REVOKED = 'SELECT ref FROM raincheck_tasks WHERE revoked_from = ?'
export const NEWEST = 'ORDER BY settled_at DESC LIMIT 1'
export const RENEW = `INSERT INTO raincheck_leases (owner, until) VALUES (?, ${NOW} + ?)
  ON CONFLICT (owner) DO UPDATE SET until = excluded.until`
// Each condition by its index: of conditions joined by OR the planner reads every task.
export const sweep = (...ended: string[]) => `DELETE FROM raincheck_tasks WHERE ref IN (
  ${ended.map((condition) => `SELECT ref FROM raincheck_tasks WHERE live = 0 AND ${condition}`).join(' UNION ALL ')}
  LIMIT 1000) RETURNING ref, run AS term`

function rowsOf(rows: number, columns: number): string {
  const row = `(${Array(columns).fill('?').join()})`
  return Array(rows).fill(row).join()
}
