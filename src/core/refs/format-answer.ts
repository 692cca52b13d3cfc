import type {
  Answer,
  AnswerFacts,
  Attempt,
  CompleteAnswer,
  FailedAnswer,
  LiveAnswer,
  Progress,
  Status,
} from '../words/answer.js'
import type { ErrorInfo } from '../words/errors.js'
import { given } from '../words/given.js'
import type { Schema } from '../words/schema.js'
import type { TaskSummary } from './list.js'

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
  /** Of a live task whose process has ended, in `standard` and `full`: another will run it again. */
  interrupted?: true
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
  /** What the caller that began the task said about it, in `standard` and `full`. */
  metadata?: unknown
  /** In `standard` and `full`: milliseconds since 1970. */
  createdAt?: number
  /** Of a task that has started, in `standard` and `full`: milliseconds since 1970. */
  startedAt?: number
  /** Of a task that has settled, in `standard` and `full`: milliseconds since 1970. */
  settledAt?: number
  /** In `full`: JSON Schema (2020-12) of the value, where the function has an `output` whose library can tell it. */
  valueSchema?: unknown
}

/** What an answer has, whatever kind it is of: each has some of these. */
type AnyAnswer = AnswerFacts & { status: Status } & Partial<
    Pick<CompleteAnswer<unknown>, 'stale' | 'settledAt'> &
      Pick<LiveAnswer<unknown>, 'interrupted' | 'requests' | 'progress' | 'pollAfterMs'> &
      Pick<FailedAnswer<unknown>, 'error' | 'retryable'>
  >

/**
 * Tells an answer at a level of detail. `minimal`: status, ref, and the value, the error or what is asked. `standard`: also
 * progress without ETA and details, the next poll, name, title, metadata and times. `full`: also ETA, details, attempts, and the JSON
 * Schema of the value where the function has an `output` schema. The stacks and properties of errors are
 * left out: read those from the answer itself.
 * @param answer Or a task of a list, which has no value.
 * @param wrapped The wrapped function, for the schema.
 */
export function formatAnswer(
  answer: Answer<unknown> | TaskSummary,
  format: ResponseFormat,
  wrapped?: WithOutput,
): FormattedAnswer {
  const { status, ref, stale, error, requests, ...rest }: AnyAnswer = answer
  const minimal = {
    ...{ status, ref },
    ...('value' in answer ? { value: answer.value } : {}),
    ...given({ stale, error: error && formatError(error, format), requests }),
  }
  if (format === 'minimal') return minimal
  const {
    name,
    title,
    metadata,
    createdAt,
    startedAt,
    settledAt,
    interrupted,
    retryable,
    pollAfterMs,
    progress,
  } = rest
  return {
    ...minimal,
    ...{ name, title, createdAt },
    ...given({ metadata, startedAt, settledAt, interrupted, retryable, pollAfterMs }),
    ...(progress ? { progress: formatProgress(progress, format) } : {}),
    ...(format === 'full' ? given({ valueSchema: schemaOf(wrapped) }) : {}),
  }
}

/**
 * An error as clients and models see it: without its stack and its properties, which are for whoever runs the process. Libraries put
 * there what nobody wrote for readers: paths, SQL, command lines.
 */
export function plainError({ name, message, code }: ErrorInfo): Omit<ErrorInfo, 'stack' | 'properties'> {
  return { name, message, ...given({ code }) }
}

function formatError(error: FailedAnswer<unknown>['error'], format: ResponseFormat) {
  if (format !== 'full') return plainError(error)
  const attempts = error.attempts.map(({ error, at }) => ({ error: plainError(error), at }))
  return { ...plainError(error), attempts }
}

function formatProgress(progress: Progress, format: ResponseFormat): Progress {
  if (format === 'full') return progress
  const { etaMs: _, details: __, ...rest } = progress
  return rest
}

/** By the JSON Schema part of the Standard Schema interface, which zod has since 4.2. */
function schemaOf(wrapped: WithOutput | undefined): unknown {
  return wrapped?.output?.['~standard'].jsonSchema?.output({
    target: 'draft-2020-12',
    // A value may have types that JSON Schema has no word for, such as Date.
    libraryOptions: { unrepresentable: 'any' },
  })
}
