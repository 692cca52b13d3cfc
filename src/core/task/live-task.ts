import type { FunctionSpec } from '../options/function-options.js'
import { Abort } from '../words/abort.js'
import {
  type AnswerFacts,
  type Attempt,
  answerFacts,
  type CallAnswer,
  type CompleteAnswer,
  type Progress,
  type ProgressReport,
} from '../words/answer.js'
import type { ErrorInfo } from '../words/errors.js'
import type { TaskFacts } from '../words/events.js'
import type { Questions } from '../words/questions.js'
import { newRef, type Ref } from '../words/ref.js'
import type { LiveStatus, StoredTask } from '../words/task-store.js'

const none: readonly Attempt[] = []

/** What the work came to. */
export type Outcome =
  | { status: 'complete'; value: unknown; settledAt: number }
  | { status: 'failed'; thrown: unknown; info: ErrorInfo; retryable: boolean; settledAt: number }
  | { status: 'cancelled'; reason: Error; settledAt: number }

/** Who wants to know of changes. */
export interface Watcher {
  onChange(): void
}

export interface TaskOrigin {
  spec: FunctionSpec
  /** What tells the task's key from others in this process. */
  keyText: string
  scope: string
  /** The parsed input. */
  input: unknown
  title: string
  priority: number
  retries: number
}

/**
 * A task as the process that runs it sees it, ahead of its record in the store. While it is asked for at the store
 * it may turn out to be `standing` there already, run by another process or settled: then this one ends.
 */
export class LiveTask {
  readonly origin: TaskOrigin
  readonly ref: Ref
  readonly run: number
  readonly createdAt: number
  attempts: readonly Attempt[] = none
  /** Told to the work by a cancel, a timeout or a close. */
  readonly abort = new Abort()
  status: LiveStatus = 'pending'
  startedAt: number | undefined
  progress: Progress | undefined
  /** Its record stands in the store, so that its ref may be given out. */
  recorded: boolean
  /** Why its record could not be written so far. */
  recordError: Error | undefined
  /** What another process needs to run it again stands in its record. */
  resumable = false
  /** It was left to others, or until it is answered: what its work comes to in this run is nobody's. */
  left = false
  /** What its function has asked, in this run or one before. */
  questions: Questions | undefined
  /** The record of another task that stands for the same key. */
  standing: StoredTask | undefined
  outcome: Outcome | undefined
  /** The outcome is stored, or a first attempt at that failed: nobody need wait for the store any longer. */
  released = false
  /** Its work has ended, or never began. */
  stopped = false
  /** The answer under way that was asked for last: equal calls of one moment share it. */
  waiting: { deadline: number; answer: Promise<CallAnswer<unknown>> } | undefined
  #completeAnswer: CompleteAnswer<unknown> | undefined
  #watchers: Watcher[] | undefined
  #lastWrite: Promise<unknown> | undefined

  /** @param standing The record of a task that was taken over. */
  constructor(origin: TaskOrigin, standing?: StoredTask) {
    this.origin = origin
    this.ref = standing?.ref ?? newRef()
    this.run = standing?.run ?? 1
    this.createdAt = standing?.createdAt ?? Date.now()
    this.startedAt = standing?.startedAt
    this.questions = standing?.questions
    this.recorded = standing !== undefined
    this.resumable = standing !== undefined
  }

  /** Calls `onChange` whenever `recorded`, `standing`, `left`, `outcome`, `released` or `stopped` changes. */
  watch(watcher: Watcher): void {
    // A new list each time: one may leave while the others are called.
    this.#watchers = [...(this.#watchers ?? []), watcher]
  }

  unwatch(watcher: Watcher): void {
    const left = this.#watchers?.filter((other) => other !== watcher)
    this.#watchers = left?.length ? left : undefined
  }

  changed(): void {
    for (const watcher of this.#watchers ?? []) watcher.onChange()
  }

  /** Resolves once this holds, which is looked at whenever something changes. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise((resolve) => {
      const watcher = {
        onChange: () => {
          if (!holds()) return
          this.unwatch(watcher)
          resolve()
        },
      }
      this.watch(watcher)
    })
  }

  /** What events tell of a task. */
  facts(): TaskFacts {
    const { ref, origin } = this
    return { ref, name: origin.spec.name, title: origin.title, scope: origin.scope }
  }

  /** What its answers say whatever its status. */
  answerFacts(): AnswerFacts {
    const { ref, createdAt, startedAt, origin } = this
    return answerFacts({ ref, name: origin.spec.name, title: origin.title, createdAt, startedAt })
  }

  /** The same object each time: callers, hits and polls in this process share it. */
  completeAnswer({ value, settledAt }: Extract<Outcome, { status: 'complete' }>): CompleteAnswer<unknown> {
    this.#completeAnswer ??= Object.freeze({ status: 'complete', ...this.answerFacts(), value, settledAt })
    return this.#completeAnswer
  }

  /** Makes the writes for one ref follow each other: two in flight may land in either order. */
  inOrder<T>(write: () => Promise<T>): Promise<T> {
    const last = this.#lastWrite
    const result = last ? last.then(write, write) : write()
    this.#lastWrite = result
    return result
  }

  /** Takes in what the function told, and derives the rest. */
  report(report: ProgressReport): Progress {
    const { current, total } = report
    const known = current !== undefined && total !== undefined && total > 0
    const elapsed = Date.now() - (this.startedAt ?? this.createdAt)
    this.progress = {
      ...report,
      ...(known ? { percentage: Math.min(100, Math.round((100 * current) / total)) } : {}),
      ...(known && current > 0
        ? { etaMs: Math.max(0, Math.round((elapsed * (total - current)) / current)) }
        : {}),
    }
    return this.progress
  }
}
