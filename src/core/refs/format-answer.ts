import type { Answer, Attempt, Progress, Status } from '../words/answer.js'
import type { Schema } from '../words/schema.js'

/** How much of an answer is told: `formatAnswer` says what each has. */
export type ResponseFormat = 'minimal' | 'standard' | 'full'

/** What is used of a wrapped function. */
export interface WithOutput {
  /** Its option: the schema that values are parsed with. */
  readonly output: Schema<unknown, unknown> | undefined
}

/** An answer as plain data, for whatever sends it on: JSON, a tool result, a line of a log. */
export interface FormattedAnswer {
  /** In each format. */
  status: Status
  /** In each format. */
  ref: string
  /** Of a task that is complete, in each format. As it is: whoever sends it on may have to make JSON of it. */
  value?: unknown
  /** The value is an older one. In each format. */
  stale?: true
  /** Of a task that failed, in each format; `attempts` in `full`. */
  error?: { name: string; message: string; code?: string; attempts?: Attempt[] }
  /** What the task waits to be answered, by keys. In each format. */
  requests?: Readonly<Record<string, unknown>>
  /** Of a live task that told some: in `standard` without `etaMs` and `details`, in `full` with them. */
  progress?: Progress
  /** Of a live task, in `standard` and `full`: milliseconds. */
  pollAfterMs?: number
  /** Of a task that failed, in `standard` and `full`. */
  retryable?: boolean
  /** In `standard` and `full`. */
  name?: string
  /** In `standard` and `full`. */
  title?: string
  /** In `standard` and `full`: milliseconds since 1970. */
  createdAt?: number
  /** Of a task that has started, in `standard` and `full`: milliseconds since 1970. */
  startedAt?: number
  /** Of a task that has settled, in `standard` and `full`: milliseconds since 1970. */
  settledAt?: number
  /** In `full`: JSON Schema (2020-12) of the value, where the function has an `output` whose library can tell it. */
  valueSchema?: unknown
}

/**
 * Tells an answer at a level of detail. `minimal`: status, ref, and the value, the error or what is asked. `standard`: also
 * progress without ETA and details, the next poll, name, title and times. `full`: also ETA, details, attempts, and the JSON
 * Schema of the value where the function has an `output` schema. Stacks are never told.
 * @param wrapped The wrapped function, for the schema.
 */
export function formatAnswer(
  answer: Answer<unknown>,
  format: ResponseFormat,
  wrapped?: WithOutput,
): FormattedAnswer {
  const minimal = {
    status: answer.status,
    ref: answer.ref,
    ...(answer.status === 'complete' ? { value: answer.value } : {}),
    ...(answer.status === 'complete' && answer.stale ? { stale: answer.stale } : {}),
    ...(answer.status === 'failed' ? { error: formatError(answer.error, format) } : {}),
    ...('requests' in answer && answer.requests ? { requests: answer.requests } : {}),
  }
  if (format === 'minimal') return minimal
  const { name, title, createdAt, startedAt } = answer
  return {
    ...minimal,
    ...{ name, title, createdAt },
    ...(startedAt === undefined ? {} : { startedAt }),
    ...('settledAt' in answer ? { settledAt: answer.settledAt } : {}),
    ...('retryable' in answer ? { retryable: answer.retryable } : {}),
    ...('pollAfterMs' in answer ? { pollAfterMs: answer.pollAfterMs } : {}),
    ...('progress' in answer && answer.progress ? { progress: formatProgress(answer.progress, format) } : {}),
    ...(format === 'full' ? schemaOf(wrapped) : {}),
  }
}

function formatError(
  { name, message, code, attempts }: Extract<Answer<unknown>, { status: 'failed' }>['error'],
  format: ResponseFormat,
) {
  return {
    ...{ name, message },
    ...(code === undefined ? {} : { code }),
    ...(format === 'full' ? { attempts: attempts.map(withoutStack) } : {}),
  }
}

function withoutStack({ error, at }: Attempt): Attempt {
  const { stack: _, ...rest } = error
  return { error: rest, at }
}

function formatProgress(progress: Progress, format: ResponseFormat): Progress {
  if (format === 'full') return progress
  const { etaMs: _, details: __, ...rest } = progress
  return rest
}

/** By the JSON Schema part of the Standard Schema interface, which zod has since 4.2. */
function schemaOf(wrapped: WithOutput | undefined): { valueSchema?: unknown } {
  const schema = wrapped?.output?.['~standard'].jsonSchema?.output({
    target: 'draft-2020-12',
    // A value may have types that JSON Schema has no word for, such as Date.
    libraryOptions: { unrepresentable: 'any' },
  })
  return schema === undefined ? {} : { valueSchema: schema }
}
