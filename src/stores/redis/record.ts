import type { Settlement, StoredTask, TaskPatch } from '../../core/words/task-store.js'

/** What is never searched by and never changes; kept as one text. */
type Facts = Pick<StoredTask, 'format' | 'app' | 'version' | 'title' | 'metadata' | 'resume' | 'input'> & {
  instance?: StoredTask['instance']
  config: StoredTask['place']
}
type Ending = Pick<StoredTask, 'error' | 'attempts' | 'retryable'>

/** The fields of a record's hash, name and value by turns. What is undefined has none. */
export function recordFields(record: StoredTask): string[] {
  const { ref, key, scope, name, status, term, owner, interruptions, priority } = record
  const { createdAt, startedAt, freshUntil, expiresAt } = record
  const { format, app, version, instance, title, metadata, place, resume, input } = record
  const facts: Facts = { format, app, version, instance, title, metadata, config: place, resume, input }
  return flat({
    ...{ ref, key, scope, name, status, run: term, owner, interruptions, priority },
    ...{ createdAt, startedAt, freshUntil, expiresAt, facts: JSON.stringify(facts) },
  })
}

export function patchFields({ startedAt, progress }: TaskPatch): string[] {
  return flat({ startedAt, progress: toJson(progress) })
}

/** The status, then the other fields. */
export function settlementFields(settlement: Settlement): string[] {
  const { status, startedAt, settledAt, freshUntil, expiresAt, progress } = settlement
  const { error, attempts, retryable } = settlement
  const outcome = status === 'failed' ? toJson({ error, attempts, retryable }) : undefined
  return [
    status,
    ...flat({ startedAt, settledAt, freshUntil, expiresAt, progress: toJson(progress), outcome }),
  ]
}

/** The record in what a script has read. */
export function recordFrom(read: readonly string[]): StoredTask {
  const fields: Record<string, string> = {}
  for (let at = 0; at < read.length; at += 2) fields[read[at] as string] = read[at + 1] as string
  const text = (field: string) => fields[field] ?? ''
  const time = (field: string) => (fields[field] === undefined ? undefined : Number(fields[field]))
  const json = (field: string) => fields[field] && JSON.parse(fields[field])
  const { format, app, version, title, metadata, config, resume, input, ...more } = json('facts') as Facts
  // Formats before 4 had none.
  const { instance = '' } = more
  const { error, attempts, retryable } = (json('outcome') ?? {}) as Ending
  return {
    ...{ format, app, version, instance, title, metadata, place: config, resume, input },
    ...{ ref: text('ref'), key: text('key'), scope: text('scope'), name: text('name'), owner: text('owner') },
    status: text('status') as StoredTask['status'],
    term: Number(fields.run),
    interruptions: Number(fields.interruptions),
    priority: Number(fields.priority),
    createdAt: Number(fields.createdAt),
    startedAt: time('startedAt'),
    settledAt: time('settledAt'),
    freshUntil: Number(fields.freshUntil),
    expiresAt: Number(fields.expiresAt),
    progress: json('progress'),
    ...{ error, attempts, retryable },
    questions: json('questions'),
    held: fields.held === '1',
  }
}

function flat(fields: Record<string, string | number | undefined>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))
}

function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}
