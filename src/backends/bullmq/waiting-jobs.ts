import type { SharedJob, SharedJobContext } from '../../core/words/backend.js'
import { reviveError } from '../../core/words/errors.js'
import { type Failure, queuePriority } from './job-data.js'

/** A job that this process has given to the queue, and waits for. */
export class WaitingJob {
  /** The job in the queue whose end is awaited: its own, or that of an equal one, which was there before. */
  id: string
  /** Whether it is in the queue. */
  added = false
  running = false
  /** Why its task has ended, so that nobody need run it. */
  unwanted: unknown
  /** The time of the last failed attempt that was told, in milliseconds since 1970. */
  lastFailureAt = 0
  /** When it was last heard of, in milliseconds since 1970. */
  heardAt = Date.now()
  priority: number
  /** The priority that it went into the queue with. */
  sentPriority = 0
  ended = false

  constructor(
    readonly job: SharedJob,
    readonly context: SharedJobContext,
    readonly resolve: (value: unknown) => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.id = job.ref
    this.priority = queuePriority(job.priority)
  }

  /** Whether it waits for an equal job of somebody else. */
  get follows(): boolean {
    return this.id !== this.job.ref
  }

  start(): void {
    this.running = true
    this.context.onStart()
  }

  /** Told once of each, though events and the job itself tell of it. */
  fail({ error, at }: Failure): void {
    if (at <= this.lastFailureAt) return
    this.lastFailureAt = at
    this.running = false
    this.context.onRetry(reviveError(error), at)
  }
}

/** Those that wait, by the id of the job they wait for. */
export class WaitingJobs {
  readonly #byId = new Map<string, WaitingJob[]>()

  get(id: string): readonly WaitingJob[] {
    return this.#byId.get(id) ?? []
  }

  all(): WaitingJob[] {
    return [...this.#byId.values()].flat()
  }

  add(waiting: WaitingJob): void {
    const same = this.#byId.get(waiting.id)
    if (same) same.push(waiting)
    else this.#byId.set(waiting.id, [waiting])
  }

  remove(waiting: WaitingJob): void {
    const same = this.get(waiting.id)
    const others = same.filter((other) => other !== waiting)
    if (others.length > 0) this.#byId.set(waiting.id, others)
    else this.#byId.delete(waiting.id)
  }
}
