import type { FunctionSpec } from '../options/function-options.js'
import { Abort } from '../words/abort.js'
import type {
  AnswerFacts,
  Attempt,
  CallAnswer,
  CompleteAnswer,
  Progress,
  ProgressReport,
} from '../words/answer.js'
import type { Awaitable } from '../words/awaitable.js'
import { notify, type TaskFacts } from '../words/events.js'
import type { Questions } from '../words/questions.js'
import { newRef, type Ref } from '../words/ref.js'
import type { StoredTask } from '../words/task-store.js'
import type { Outcome } from './outcome.js'
import { progressOf } from './progress.js'
import {
  type Phase,
  type RecordEvent,
  type RecordState,
  recordTransitions,
  type TaskEvent,
  type TaskState,
  transitions,
  type WorkState,
} from './state.js'

/** What answers say of a task whatever its status. `startedAt` and `metadata` are left out where they are undefined. */
export function answerFacts({
  ref,
  name,
  title,
  metadata,
  createdAt,
  startedAt,
}: Omit<AnswerFacts, 'startedAt'> & { startedAt?: number | undefined }): AnswerFacts {
  const facts =
    startedAt === undefined ? { ref, name, title, createdAt } : { ref, name, title, createdAt, startedAt }
  return metadata === undefined ? facts : { ...facts, metadata }
}

/** What events tell of a task. */
export function taskFacts(
  { ref, name, title, metadata }: Pick<AnswerFacts, 'ref' | 'name' | 'title' | 'metadata'>,
  scope: string,
): TaskFacts {
  return metadata === undefined ? { ref, name, title, scope } : { ref, name, title, metadata, scope }
}

/** The answer by what is known of a complete task, and its value. */
export function completeAnswer(
  task: Parameters<typeof answerFacts>[0],
  value: unknown,
  settledAt: number = task.createdAt,
): CompleteAnswer<unknown> {
  return Object.freeze({ status: 'complete', ...answerFacts(task), value, settledAt })
}

const none: readonly Attempt[] = []

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
  /** What the first caller said about it. */
  metadata: unknown
  priority: number
  retries: number
}

/** For the methods of the class alone. */
type Mutable = { -readonly [Field in keyof TaskState]: TaskState[Field] } & { outcome: Outcome | undefined }

/** A task as the process that runs it sees it, ahead of its record in the store. `state.ts` says what may follow what. */
export class LiveTask implements TaskState {
  readonly origin: TaskOrigin
  readonly ref: Ref
  readonly name: string
  readonly title: string
  readonly metadata: unknown
  readonly term: number
  readonly createdAt: number
  /** That of its record, where another process began it: then the key text of this process does not lead to it. */
  readonly storedKey: string | undefined
  readonly interruptions: number
  /** When its record in a shared store was written last, in milliseconds since 1970: somebody may have its ref, though the store is lost. */
  recordedAt: number | undefined
  attempts: readonly Attempt[] = none
  /** Told to the work by a cancel, a timeout or a close. */
  readonly abort = new Abort()
  startedAt: number | undefined
  progress: Progress | undefined
  /** Why its record could not be written so far. */
  recordError: Error | undefined
  /** What another process needs to run it again stands in its record. */
  resumable = false
  /** What its function has asked, in this run or one before. */
  questions: Questions | undefined
  /** No call joins it any more, and its value answers none: its key was forgotten. */
  forgotten = false
  /** A caller has its ref instead of a value. */
  handedOff = false
  /** How long its value answers its key, in milliseconds, once it has one. */
  ttl = 0
  /** The record of the task that stands for its key instead, once it is deferred to that. */
  standing: StoredTask | undefined
  /** Set by the registry. */
  isRemoved = false
  /** The answer under way that was asked for last: equal calls of one moment share it. */
  waiting: { deadline: number; answer: Promise<CallAnswer<unknown>> } | undefined
  readonly phase: Phase
  readonly record: RecordState
  readonly work: WorkState = 'none'
  /** Set by `settle` and what follows. */
  readonly outcome: Outcome | undefined
  #completeAnswer: CompleteAnswer<unknown> | undefined
  /** Most tasks have one. */
  #watchers: Watcher | Set<Watcher> | undefined
  #progressListeners: Set<(progress: Progress) => void> | undefined
  #lastWrite: Promise<unknown> | undefined

  /** @param stored The record of a task that was taken over. */
  constructor(origin: TaskOrigin, stored?: StoredTask) {
    this.origin = origin
    this.ref = stored?.ref ?? newRef()
    this.name = origin.spec.name
    this.title = origin.title
    this.metadata = origin.metadata
    this.term = stored?.term ?? 1
    this.createdAt = stored?.createdAt ?? Date.now()
    this.storedKey = stored?.key
    this.interruptions = stored?.interruptions ?? 0
    this.recordedAt = stored && Date.now()
    this.startedAt = stored?.startedAt
    this.questions = stored?.questions
    this.phase = stored ? 'waiting' : 'starting'
    this.record = stored ? 'ours' : 'none'
    this.resumable = stored !== undefined
  }

  /** Makes the transition that an event brings. @returns Whether there is one; else nothing has changed. */
  to(event: TaskEvent): boolean {
    const next = transitions[this.phase][event]
    if (next === undefined) return false
    ;(this as Mutable).phase = next
    return true
  }

  /** The same for an event that brings an outcome. */
  end(event: 'settle' | 'revoke' | 'store' | 'lose-value', outcome: Outcome): boolean {
    if (!this.to(event)) return false
    ;(this as Mutable).outcome = outcome
    this.#completeAnswer = undefined
    return true
  }

  /** The same for its record. */
  recordTo(event: RecordEvent): void {
    ;(this as Mutable).record = recordTransitions[this.record][event] ?? this.record
  }

  workTo(state: 'on' | 'over'): void {
    ;(this as Mutable).work = state
  }

  /** Calls `onChange` whenever something has changed that somebody may wait for. */
  watch(watcher: Watcher): void {
    if (this.#watchers instanceof Set) this.#watchers.add(watcher)
    else this.#watchers = this.#watchers ? new Set([this.#watchers, watcher]) : watcher
  }

  unwatch(watcher: Watcher): void {
    if (this.#watchers instanceof Set) this.#watchers.delete(watcher)
    else if (this.#watchers === watcher) this.#watchers = undefined
  }

  changed(): void {
    // Of several, one may come or leave while the others are called.
    if (this.#watchers instanceof Set) for (const watcher of [...this.#watchers]) watcher.onChange()
    else this.#watchers?.onChange()
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
    return taskFacts(this, this.origin.scope)
  }

  /** The same object each time: callers, hits and polls in this process share it. */
  completeAnswer({ value, settledAt }: Extract<Outcome, { status: 'complete' }>): CompleteAnswer<unknown> {
    this.#completeAnswer ??= completeAnswer(this, value, settledAt)
    return this.#completeAnswer
  }

  /** Makes the writes for one ref follow each other: two in flight may land in either order. */
  inOrder<T>(write: () => Awaitable<T>): Awaitable<T> {
    const last = this.#lastWrite
    const result = last ? last.then(write, write) : write()
    if (result instanceof Promise) this.#lastWrite = result
    return result
  }

  /** Calls back with all further progress. @returns Ends that. */
  onProgress(listener: (progress: Progress) => void): () => void {
    this.#progressListeners ??= new Set()
    this.#progressListeners.add(listener)
    return () => this.#progressListeners?.delete(listener)
  }

  /** Takes in what the function told, and derives the rest. */
  report(report: ProgressReport): Progress {
    this.progress = progressOf(report, Date.now() - (this.startedAt ?? this.createdAt))
    for (const listener of [...(this.#progressListeners ?? [])]) notify(listener, this.progress)
    return this.progress
  }
}
