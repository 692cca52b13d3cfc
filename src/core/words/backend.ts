import type { ProgressReport } from './answer.js'
import type { Ref } from './ref.js'

/** Runs tasks. Custom backends should pass `backendContract` of `raincheck/testing`. */
export interface TaskBackend {
  /** For messages: "the … backend". */
  readonly name: string
  /** `createRaincheck` and `cached` refuse what a backend cannot do, before they ask for it. */
  readonly capabilities: BackendCapabilities
  /** Called once, before the first job, with the limits of the raincheck that uses it. */
  limit(limits: BackendLimits): void
  /** Runs one attempt when a slot is free. Resolves to the function's value, rejects with its error. */
  run(job: Job, context: JobContext): Promise<unknown>
  /** Changes the turn of a job that waits; any other is left alone. */
  setPriority(ref: Ref, priority: number): void
  /**
   * Returns how many more jobs of a scope would start immediately. Used for `maxWaiting`; without this method every job counts as waiting until it has
   * started.
   */
  room?(scope: string): number
  /** Counted at this moment, without waiting. */
  stats(): BackendStats
  /** Starts no more jobs; those that run go on. */
  pause(): void
  /** Undoes `pause`. */
  resume(): void
  /** Ends what still runs and frees what it holds. */
  close(): Promise<void>
}

/**
 * A backend whose jobs are in a queue that processes share: they outlive the process that gave them, any process that has registered the
 * function may run them, equal keys are one job, and the backend makes all attempts of a job itself.
 */
export interface SharedBackend extends TaskBackend {
  readonly capabilities: BackendCapabilities & { readonly shared: true }
  /** Where other processes find its functions, as records name it. */
  readonly place: string
  /** Called for each function that is wrapped, so that this process can run its jobs for others. */
  register(wrapped: WrappedFunction): void
  /** Called when nothing in this process holds the function of an instance any more. */
  unregister(identity: string): void
  /** Called when a key is forgotten: a job with this key goes on, but later jobs with the key do not join it. */
  freeKey(key: string): Promise<void>
  run(job: SharedJob, context: SharedJobContext): Promise<unknown>
  /** Takes no more jobs of others, and waits at most `ms` for those it runs. */
  drain(ms: number): Promise<void>
}

export function isShared(backend: TaskBackend): backend is SharedBackend {
  return backend.capabilities.shared === true
}

/** What a backend says of itself. */
export interface BackendCapabilities {
  /** What an abort does to work that runs: it is told (`requested`), or its process is ended (`killed`). */
  readonly abort: 'requested' | 'killed'
  /** Whether it runs functions of this process, or only those that `fromModule` names. */
  readonly functions: 'any' | 'module'
  /** Whether it can limit how many tasks of one scope run at once. */
  readonly perScope: boolean
  /** Whether it can limit how many tasks start in a time. */
  readonly rateLimit: boolean
  /** Says that it is a `SharedBackend`. */
  readonly shared?: true
}

/** A function, as a shared backend gets to know it. */
export interface WrappedFunction {
  /** What tells it from every other, in all processes. */
  readonly identity: string
  /** The function itself. */
  readonly work: Work
  /** Whether it may be run again when the process that ran it has died. */
  readonly resume: boolean
  /** Decides whether an error is worth another attempt. */
  readonly retryIf: ((error: unknown) => boolean) | undefined
}

/** The limits of a raincheck, of which a backend gets those that it can keep. */
export interface BackendLimits {
  /** How many tasks of one scope run at once. */
  readonly perScope?: number
  /** At most so many starts in any so many milliseconds. */
  readonly rateLimit?: { readonly starts: number; readonly per: number }
}

/** What a backend holds; of a queue that processes share: this process's part. */
export interface BackendStats {
  /** Jobs that wait for a slot. */
  waiting: number
  /** Jobs that have a slot. */
  running: number
  /** Functions that go on although their task has ended, by a timeout or a cancel. */
  abandoned: number
  /** Whether it starts no more jobs. */
  paused: boolean
}

/** What a job knows of its task. */
export interface JobFacts {
  /** Of the task: the same for each of its attempts. */
  readonly ref: Ref
  /** `perScope` counts by it. */
  readonly scope: string
  /** 1 for the first. */
  readonly attempt: number
  /** The answers there are to what the function asked before, by `task.ask`. */
  readonly answers: Readonly<Record<string, unknown>>
}

/** One attempt at a task. */
export interface Job extends JobFacts {
  /** Name of the function, for messages. */
  readonly name: string
  /** Higher first, among the jobs that wait. */
  readonly priority: number
  /** Parsed. */
  readonly input: unknown
  /** To be called with the input and `context.task`. */
  readonly work: Work
}

/** All attempts at a task, for a shared backend. */
export interface SharedJob extends Job {
  /** What its function is registered by. */
  readonly identity: string
  /** Jobs of one key share work and value. */
  readonly key: string
  /** How many more attempts the backend makes, and the wait before the first of them, in milliseconds. */
  readonly retries: { readonly count: number; readonly delay: number }
}

/** What a backend hears and reports of a job. */
export interface JobContext {
  /** What the function gets. A backend that runs it elsewhere reports to this what the function reports there. */
  readonly task: TaskHandle
  /**
   * Calls back once, with the reason, at a cancel, a timeout or a close; at once when that has been. The slot is free from then on, whatever
   * the work does. @returns Ends that.
   */
  onAbort(listener: (reason: unknown) => void): () => void
  /** To be called when the job has its slot, before its function: `timeout` counts from the first time. */
  onStart(): void
  /** The work goes on although its slot was taken from it. */
  onAbandoned(): void
}

/** What a shared backend reports besides. */
export interface SharedJobContext extends JobContext {
  /** An attempt failed, at a time in milliseconds since 1970, and the backend makes another. */
  onRetry(thrown: unknown, at: number): void
}

/** The wrapped function. */
export type Work<Input = never, Value = unknown> = (input: Input, task: TaskHandle) => Value | Promise<Value>

/** What a function gets beside its input. */
export interface TaskHandle {
  /** That of the task, which callers get at a handoff. */
  readonly ref: Ref
  /** That of the call which began the task; '' where it had none. */
  readonly scope: string
  /** 1 for the first. */
  readonly attempt: number
  /** The only cancellation: aborted by a cancel, a timeout or a close, with the reason. */
  readonly signal: AbortSignal
  /** Tells how far it is; as often as the function likes: a store that processes share is told 4 times a second at most. */
  progress(report: ProgressReport): void
  /** Adds a line to the task's log. */
  log(line: string): void
  /**
   * Asks whoever waits for the task. With an answer under that key it resolves to it. Without, this run ends: the task
   * waits as `pending` with the request, and holds no slot, until `answer` brings one; then the function runs again, from
   * its start, with the answers there are. So what comes before must bear being done again, and it must not catch what
   * this rejects with. Several that are asked at once are asked together.
   * @param key Tells this question from the others of the task; the same each time the function runs.
   * @param request What is asked, as JSON: a text for people, a schema, whatever the other side understands.
   * @returns The answer, as JSON.
   * @throws RaincheckError `INVALID_INPUT` for a key that is no text or is empty, or a request that JSON cannot hold. The task
   *   itself fails with it where it could not be run again: its input cannot be stored, or its `resume` is false.
   */
  ask(key: string, request: unknown): Promise<unknown>
}
