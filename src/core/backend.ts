import type { ProgressReport } from './answer.js'
import type { Ref } from './ref.js'

/** Where tasks run. */
export interface TaskBackend {
  readonly name: string
  readonly capabilities: BackendCapabilities
  /** Runs one attempt when a slot is free. Resolves to the function's value, rejects with its error. */
  run(job: Job, context: JobContext): Promise<unknown>
  /** Ends what still runs and frees what it holds. */
  close(): Promise<void>
}

export interface BackendCapabilities {
  /** What an abort does to work that runs: it is told (`requested`), or its process is ended (`killed`). */
  readonly abort: 'requested' | 'killed'
  /** Whether it runs functions of this process, or only those that `fromModule` names. */
  readonly functions: 'any' | 'module'
}

/** One attempt at a task. */
export interface Job {
  readonly ref: Ref
  readonly scope: string
  /** 1 for the first. */
  readonly attempt: number
  /** Higher first, among the jobs that wait. */
  readonly priority: number
  readonly input: unknown
  readonly work: Work
}

export interface JobContext {
  /** Aborted by a cancel, a timeout or a close; the slot is free from then on, whatever the work does. */
  readonly signal: AbortSignal
  onStart(): void
  onProgress(report: ProgressReport): void
  onLog(line: string): void
}

/** The wrapped function. */
export type Work<Input = never, Value = unknown> = (input: Input, task: TaskHandle) => Value | Promise<Value>

/** What a function gets beside its input. */
export interface TaskHandle {
  readonly ref: Ref
  readonly scope: string
  /** 1 for the first. */
  readonly attempt: number
  /** The only cancellation: aborted by a cancel, a timeout or a close, with the reason. */
  readonly signal: AbortSignal
  /** Tells how far it is; as often as the function likes. */
  progress(report: ProgressReport): void
  /** Adds a line to the task's log. */
  log(line: string): void
}
