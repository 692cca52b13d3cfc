import type { ErrorInfo } from './errors.js'
import type { Ref } from './ref.js'

export type Status = 'pending' | 'processing' | 'complete' | 'failed' | 'cancelled'

/** What every answer has. Times are milliseconds since 1970. */
interface AnswerBase<T> {
  ref: Ref<T>
  /** Name of the function. */
  name: string
  /** One line for people that tells this task from others of the same function. */
  title: string
  createdAt: number
  /** When its first attempt started to run. */
  startedAt?: number
}

export interface CompleteAnswer<T> extends AnswerBase<T> {
  status: 'complete'
  value: T
  /** An older value, whose successor takes longer than the window or failed; `ref` is of that task. */
  stale?: true
  settledAt: number
}

/** Not settled yet: `pending` waits for a slot, a process or an answer, `processing` runs. */
export interface LiveAnswer<T> extends AnswerBase<T> {
  status: 'pending' | 'processing'
  /** The process that ran it has ended; another will run it again. */
  interrupted?: true
  /** It waits for answers to these, by their keys: `answer(ref, { key: … })`. */
  requests?: Readonly<Record<string, unknown>>
  progress?: Progress
  /** Milliseconds after which another poll is worth its cost. */
  pollAfterMs: number
}

export interface FailedAnswer<T> extends AnswerBase<T> {
  status: 'failed'
  error: TaskError
  /** Whether the same call may succeed when it is made again. */
  retryable: boolean
  settledAt: number
}

export interface CancelledAnswer<T> extends AnswerBase<T> {
  status: 'cancelled'
  settledAt: number
}

/** What a call resolves to. A failure, a timeout or a cancel inside the window rejects it instead. */
export type CallAnswer<T> = CompleteAnswer<T> | LiveAnswer<T>

/** What a poll resolves to. */
export type Answer<T> = CallAnswer<T> | FailedAnswer<T> | CancelledAnswer<T>

/** How far a task is, as its function tells it. */
export interface ProgressReport {
  /** Units done so far. */
  current?: number
  /** Units in all. */
  total?: number
  message?: string
  /** Name of the step it is in. */
  step?: string
  /** Anything else that can be stored. */
  details?: unknown
}

export interface Progress extends ProgressReport {
  /** 0 to 100, derived from `current` and `total`. */
  percentage?: number
  /** Milliseconds to the end at the pace so far, derived from `current`, `total` and the time since the start. */
  etaMs?: number
}

export interface TaskError extends ErrorInfo {
  /** Each attempt that failed, oldest first. */
  attempts: readonly Attempt[]
}

export interface Attempt {
  error: ErrorInfo
  /** When it failed, in milliseconds since 1970. */
  at: number
}
