import type { ErrorInfo } from './errors.js'
import type { Ref } from './ref.js'

/**
 * How a task stands. `pending` and `processing` are live, and one follows the other more than once: between two attempts a
 * task is pending. The other three are for good.
 */
export type Status = 'pending' | 'processing' | 'complete' | 'failed' | 'cancelled'

/** All of them, in the order of a life. */
export const statuses = [
  'pending',
  'processing',
  'complete',
  'failed',
  'cancelled',
] as const satisfies Status[]

/** What every answer has. */
interface AnswerBase<T> {
  /** What the task is polled, cancelled and retried by. */
  ref: Ref<T>
  /** Name of the function. */
  name: string
  /** One line for people that tells this task from others of the same function. */
  title: string
  /** The option `metadata` of the call that began it. Absent if there was none. */
  metadata?: unknown
  /** When a call began it, in milliseconds since 1970. */
  createdAt: number
  /** When its first attempt started to run, in milliseconds since 1970. Absent until then. */
  startedAt?: number
}

/** The task is done. */
export interface CompleteAnswer<T> extends AnswerBase<T> {
  status: 'complete'
  /** What the function returned. From memory it is the same object each time: treat it as read-only. */
  value: T
  /** An older value, whose successor takes longer than the window or failed; `ref` is of that task. */
  stale?: true
  /** When it ended, in milliseconds since 1970: `ttl` and `retention` count from here. */
  settledAt: number
}

/** Not settled yet: `pending` waits for a slot, a process or an answer, `processing` runs. */
export interface LiveAnswer<T> extends AnswerBase<T> {
  status: 'pending' | 'processing'
  /** The process that ran it has ended; another will run it again. */
  interrupted?: true
  /** It waits for answers to these, by their keys: `answer(ref, { key: … })`. */
  requests?: Readonly<Record<string, unknown>>
  /** What its function told last by `task.progress`. */
  progress?: Progress
  /**
   * Milliseconds after which another poll is worth its cost: a tenth of the task's age, or the time to its end where that is
   * known, but 500 at least and 5,000 at most. What is polled so is seen about a tenth late, and an hour takes some 700 polls.
   */
  pollAfterMs: number
}

/** The task has no value: its last attempt failed, it ran past its `timeout`, or its process ended. */
export interface FailedAnswer<T> extends AnswerBase<T> {
  status: 'failed'
  /** That of the last attempt. */
  error: TaskError
  /**
   * Whether the same call may succeed when it is made again: not after a `NonRetryableError`, a programmer's error such as a
   * TypeError, or a value that does not fit `output` or cannot be stored.
   */
  retryable: boolean
  /** When it ended, in milliseconds since 1970: `errorTtl` and `retention` count from here. */
  settledAt: number
}

/** The task was ended by `cancel`. */
export interface CancelledAnswer<T> extends AnswerBase<T> {
  status: 'cancelled'
  /** When it ended, in milliseconds since 1970: `retention` counts from here. */
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
  /** One line for people. */
  message?: string
  /** Name of the step it is in. */
  step?: string
  /** Anything else, as JSON. */
  details?: unknown
}

/** The same, with what follows from it. */
export interface Progress extends ProgressReport {
  /** 0 to 100, derived from `current` and `total`. */
  percentage?: number
  /** Milliseconds to the end at the pace so far, derived from `current`, `total` and the time since the start. */
  etaMs?: number
}

/** What answers say of a task whatever its status, besides its times of ending. */
export type AnswerFacts = Pick<
  AnswerBase<unknown>,
  'ref' | 'name' | 'title' | 'metadata' | 'createdAt' | 'startedAt'
>

/** Why a task failed. */
export interface TaskError extends ErrorInfo {
  /** Each attempt that failed, oldest first. */
  attempts: readonly Attempt[]
}

/** An attempt that failed. */
export interface Attempt {
  /** What it threw, or what ended it. */
  error: ErrorInfo
  /** When it failed, in milliseconds since 1970. */
  at: number
}
