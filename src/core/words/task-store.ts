import type { Attempt, Progress, Status } from './answer.js'
import type { Awaitable } from './awaitable.js'
import type { ErrorInfo, RaincheckError } from './errors.js'
import type { Questions } from './questions.js'
import type { Ref } from './ref.js'

/** The format number of records; a store that holds a newer one is refused. */
export const RECORD_FORMAT = 4

/**
 * All that is kept of a task but its value. Times are milliseconds since 1970. Unknown fields are undefined, not absent: V8 is
 * fastest with objects of one shape.
 */
export interface TaskRecord {
  /** The format number of this record, 4 in this version. */
  readonly format: number
  /** The handle of the task. */
  readonly ref: Ref
  /** Digest of scope, function identity and input; of a live task that was forgotten, `forgottenKey`. */
  key: string
  /** The scope of the call; '' where it had none. */
  readonly scope: string
  /** With `name` and `version` the identity of the function. */
  readonly app: string
  /** Name of the function. */
  readonly name: string
  /** Version of the function. */
  readonly version: string
  /** The function's option `instance`; '' if it has none. */
  readonly instance: string
  /** One line for people. */
  readonly title: string
  /** The option `metadata` of the call that began it, as JSON. */
  readonly metadata: unknown
  /** When a call began it. */
  readonly createdAt: number
  /** Where other processes find its function: `bundled`, or the path of a config file. Undefined: only where it is wrapped. */
  readonly place: string | undefined
  /** Whether its function allows that it is run again, by another process. */
  readonly resume: boolean
  /** The parsed input as text, when it can be stored: what another process needs to take the task over. */
  input: string | undefined
  /** Live tasks are `pending` or `processing`. */
  status: Status
  /** Counts the processes that have held it: 1, and one more each time another takes it over. */
  term: number
  /** The process that holds it, by the name of its lease; empty when it was left to others. */
  owner: string
  /** How often its holder's lease ran out while it was processing. */
  interruptions: number
  /** Among waiting tasks, higher first. */
  priority: number
  /** When its first attempt started. */
  startedAt: number | undefined
  /** When it settled. */
  settledAt: number | undefined
  /** Until when its key answers from it. */
  freshUntil: number
  /** Until when its ref can be redeemed; a live task never expires. */
  expiresAt: number
  /** The last progress that its function reported. */
  progress: Progress | undefined
  /** Of a failed task: the last error. */
  error: ErrorInfo | undefined
  /** Of a failed task: the attempts that failed, oldest first. */
  attempts: readonly Attempt[] | undefined
  /** Of a failed task: whether the same call may succeed later. */
  retryable: boolean | undefined
  /** What its function has asked, with the answers there are. */
  questions: Questions | undefined
}

/** The statuses of a live task. */
export type LiveStatus = 'pending' | 'processing'

/** What changes in a live task. */
export type TaskPatch = Partial<Pick<TaskRecord, 'startedAt' | 'progress' | 'priority'>> & {
  /** Whether it waits or runs. */
  status?: LiveStatus
}

/** How a task ends. */
export type Settlement = Pick<
  TaskRecord,
  'startedAt' | 'progress' | 'error' | 'attempts' | 'retryable' | 'input'
> & {
  /** A settled task never changes. */
  status: 'complete' | 'failed' | 'cancelled'
  /** When it settled, in milliseconds since 1970. */
  settledAt: number
  /** Until when its key answers from it, in milliseconds since 1970; 0 for never. */
  freshUntil: number
  /** Until when its ref can be redeemed, in milliseconds since 1970. */
  expiresAt: number
}

/** What a task asks, and the input that it is run again with. */
export type Asked = Pick<TaskRecord, 'input'> & {
  /** All it has asked, with the answers there are. */
  questions: Questions
}

/** What a sweep removes. */
export interface SweepLimits {
  /** Removes records that have expired by then, in milliseconds since 1970. */
  now: number
  /** For a store in memory: how many settled records it keeps. */
  maxEntries: number
  /** Removes records that settled before this time, too, in milliseconds since 1970. */
  settledBefore?: number
}

/** Which tasks a list shows. */
export interface ListFilter {
  /** Lists never cross scopes. */
  scope: string
  /** Only tasks that show this status (`shownStatus`): of those that are processing by their record, `pending` has the ones that nobody holds. */
  status?: Status
  /** Only tasks of the function of this name. */
  name?: string
  /** How many at most. */
  limit: number
  /** Skips everything up to and including this place in the list. */
  after?: {
    /** Of the last task before the page. */
    createdAt: number
    /** Of the same task. */
    ref: Ref
  }
}

/** A record as it is read. */
export interface StoredTask extends TaskRecord {
  /** Whether the lease of the process that holds it runs, by the store's clock. */
  readonly held: boolean
}

/**
 * Keeps the task records. Each operation is one atomic step, and each may be repeated: a write whose answer was lost
 * is made again. Operations reject when the store fails. Those that every call needs may return their result without a promise.
 */
export interface TaskStore {
  /** Whether other processes see the same records. */
  readonly shared: boolean
  /** Whether `settle` keeps values, too, where the Keyv on the same database finds them. Else they are stored before it. */
  readonly keepsValues: boolean
  /**
   * Inserts the record, which the caller holds, unless its key has a live task, or one that is settled and fresh at `now` (which `refresh`
   * passes over).
   * @returns The record that now stands for the key: the caller's own when its `ref` is the given one.
   */
  start(record: StoredTask, options: { now: number; refresh: boolean }): Awaitable<StoredTask>
  /** Changes the task if it is live and held by this term. @returns Whether it was. */
  update(ref: Ref, term: number, patch: TaskPatch): Awaitable<boolean>
  /**
   * Settles the task if it is live and held by this term.
   * @param text That of its value, which a store that keeps values keeps in the same step until the settlement's `expiresAt`:
   *   what is refused, or fails, leaves neither.
   * @returns Whether it was.
   */
  settle(ref: Ref, term: number, settlement: Settlement, text?: string): Awaitable<boolean>
  /** Settles the task if it is live and another process holds it, who learns of it by `revoked`. @returns Whether it was. */
  revoke(ref: Ref, term: number, settlement: Settlement): Promise<boolean>
  /** Settles the task if it is live and its holder's lease has run out. @returns Whether it was. */
  interrupt(ref: Ref, term: number, settlement: Settlement): Promise<boolean>
  /** Leaves the task to whoever takes it over, if it is live and held by this term. @returns Whether it was. */
  leave(ref: Ref, term: number): Promise<boolean>
  /**
   * Leaves the task as long as it has questions without an answer, if it is live and held by this term.
   * @param asked The questions; its `input` serves a store that was not told it before.
   * @returns Whether it was.
   */
  ask(ref: Ref, term: number, asked: Asked): Promise<boolean>
  /** Puts the questions `to` in the place of `from`, if the task is live and has just those. @returns Whether it had. */
  answer(ref: Ref, from: Questions, to: Questions): Promise<boolean>
  /**
   * The live tasks that nobody holds and that wait for no answer: left by their process, or its lease has run out. By priority, then those that were
   * interrupted least, then the oldest; at most a thousand.
   */
  unheld(): Promise<StoredTask[]>
  /**
   * Makes the task this owner's if it is live, still at this term, waits for no answer, and nobody holds it. It is then pending, at the next term,
   * and has one more interruption if it was processing, and was not left.
   * @returns The record as it is now; undefined for whoever was not the first.
   */
  takeOver(ref: Ref, term: number, owner: string): Promise<StoredTask | undefined>
  /** The tasks that others have settled, taken over or forgotten while this owner held them. */
  revoked(owner: string): Promise<Ref[]>
  /** The record of a task, of this moment. */
  get(ref: Ref): Promise<StoredTask | undefined>
  /** The newest complete task of a key, whether it is still fresh or not. It may be missing if it was never fresh. */
  latest(key: string): Promise<StoredTask | undefined>
  /**
   * What a start at `now` would join: the live task of a key, or one that is settled and fresh. Only the newest complete task counts:
   * once it settles, no older one answers. Changes nothing.
   */
  standing(key: string, now: number): Promise<StoredTask | undefined>
  /**
   * Makes a key answer nothing, in one step. Its live task goes on under a key of its own (`forgottenKey`), and its holder learns of it by
   * `revoked`. Removes the settled tasks that calls of the key are answered from: the newest, and the newest that is complete.
   * Older ones can be redeemed until they expire.
   * @returns What was removed, whose values may go too.
   */
  forget(key: string): Promise<{ ref: Ref; term: number }[]>
  /** The tasks of a scope, newest first. */
  list(filter: ListFilter): Promise<StoredTask[]>
  /** Removes a settled task. @returns Whether there was one. */
  remove(ref: Ref): Promise<boolean>
  /** Makes the lease of this owner run for `ms` from now, by the store's clock. */
  renew(owner: string, ms: number): Promise<void>
  /** Ends the lease of this owner. */
  release(owner: string): Promise<void>
  /**
   * Removes settled records that have expired at `now`, or settled before `settledBefore`; a store in memory also the
   * oldest settled ones beyond `maxEntries`.
   * @returns What was removed, at most a thousand, whose values may go too.
   */
  sweep(limits: SweepLimits): Promise<{ ref: Ref; term: number }[]>
  /**
   * Calls back when records that stood are gone, since the store was deleted, replaced or flushed: before any operation is answered by the store that
   * is there now. Left out by a store to which that cannot happen while its process lives.
   * @param listener Gets an error with the code `STORE_LOST`.
   */
  onLost?(listener: (error: RaincheckError) => void): void
  /** Looks whether the records are where other processes find them, before a ref is given out. Where they are not, `onLost` calls back first. */
  look?(): Promise<void>
}

/** The key of a live task that was forgotten. No call has this key. */
export function forgottenKey(ref: Ref): string {
  return `forgotten:${ref}`
}

/** What a task shows: one that nobody holds any more waits for a process that takes it over, whatever its record says. */
export function shownStatus({ status, held }: Pick<StoredTask, 'status' | 'held'>): Status {
  return status === 'processing' && !held ? 'pending' : status
}

export function isLive(record: Pick<TaskRecord, 'status'>): record is { status: LiveStatus } {
  return record.status === 'pending' || record.status === 'processing'
}
