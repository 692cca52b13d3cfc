import type { Attempt, Progress } from '../../core/words/answer.js'
import type { ErrorInfo } from '../../core/words/errors.js'
import type { Questions } from '../../core/words/questions.js'
import type { Ref } from '../../core/words/ref.js'
import type { Settlement, StoredTask, TaskRecord } from '../../core/words/task-store.js'

/** A record as it is read from the table. */
export interface Row {
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

export function insertedColumns(record: TaskRecord): unknown[] {
  const { ref, key, scope, name, status, term, owner, interruptions, priority } = record
  const { createdAt, startedAt, freshUntil, expiresAt } = record
  const { format, app, version, instance, title, metadata, place, resume, input } = record
  const facts: Facts = { format, app, version, instance, title, metadata, config: place, resume, input }
  return [
    ...[ref, key, scope, name, status, 1, term, owner, interruptions, priority, createdAt, startedAt ?? null],
    ...[freshUntil, expiresAt, JSON.stringify(facts)],
  ]
}

export function settledColumns(settlement: Settlement): unknown[] {
  const { status, startedAt, settledAt, freshUntil, expiresAt, progress, error, attempts, retryable } =
    settlement
  const outcome = status === 'failed' ? JSON.stringify({ error, attempts, retryable }) : null
  return [status, startedAt ?? null, settledAt, freshUntil, expiresAt, toJson(progress), outcome]
}

export function fromRow(row: Row): StoredTask {
  const { ref, key, scope, name, status, run, owner, interruptions, priority } = row
  const { format, app, version, title, metadata, config, resume, input, ...more } = JSON.parse(
    row.facts,
  ) as Facts
  // Formats before 4 had none.
  const { instance = '' } = more
  const { error, attempts, retryable } = (row.outcome === null ? {} : JSON.parse(row.outcome)) as Ending
  return {
    ...{
      format,
      ref,
      key,
      scope,
      app,
      name,
      version,
      instance,
      title,
      metadata,
      place: config,
      resume,
      input,
    },
    ...{ status, term: run, owner, interruptions, priority },
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

export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** What is never searched by and never changes. */
type Facts = Pick<TaskRecord, 'format' | 'app' | 'version' | 'title' | 'metadata' | 'resume' | 'input'> & {
  instance?: TaskRecord['instance']
  config: TaskRecord['place']
}

interface Ending {
  error?: ErrorInfo
  attempts?: Attempt[]
  retryable?: boolean
}
