import type { QueueEventsListener } from 'bullmq'
import type { Job } from '../../core/words/backend.js'
import type { ErrorInfo } from '../../core/words/errors.js'

/** What a job in the queue holds: all that another process needs to run it. */
export interface JobData {
  /** Identity of its function. */
  readonly function: string
  /** The input, as text. */
  readonly input: string
  readonly scope: string
  /** To what its function has asked before. */
  readonly answers: Job['answers']
  /** The number of its first attempt. */
  readonly attempt: number
  /** The attempts that failed. */
  readonly failures: readonly Failure[]
  /** When a process took it that does not know its function, in milliseconds since 1970. */
  readonly unknownSince?: number
}

export interface Failure {
  readonly error: ErrorInfo
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What a job that is complete returns: the text of its value, the key that it is found by, or what its function asks. */
export type Returned =
  | { readonly text: string }
  | { readonly key: string }
  | { readonly asks: Readonly<Record<string, unknown>> }

/** Events go to every process that gave jobs, so only short values are in them; in characters. */
export const LONGEST_IN_EVENT = 2_000

/** Half of BullMQ's range: its priorities are whole numbers of 1 to 2^21, and lower is first. */
const MIDDLE = 2 ** 20

/** Ours are any numbers, and higher is first. Beyond a million, and between whole numbers, they are all alike. */
export function queuePriority(priority: number): number {
  return Math.min(2 * MIDDLE, Math.max(1, MIDDLE - Math.round(priority)))
}

/** Told by the process that runs a job to those who wait for it, in the queue's own stream of events. */
export interface ToldByRunner extends QueueEventsListener {
  log(told: ToldLog): void
  'attempt-failed'(told: ToldFailure): void
}

export interface ToldLog {
  jobId: string
  line: string
}

export interface ToldFailure {
  jobId: string
  /** A `Failure` as JSON. */
  failure: string
}

/** Told to the processes that run jobs. */
export interface ToldToRunners extends QueueEventsListener {
  cancel(told: ToldCancel): void
}

/** The error that the work is aborted with. */
export interface ToldCancel {
  jobId: string
  code: string
  message: string
}

/** Why a job failed whose task has ended. */
export const WITHDRAWN = 'the task has ended'

/** How many events are kept for a listener that is behind; each is about a hundred bytes. */
export const EVENTS_KEPT = 50_000
