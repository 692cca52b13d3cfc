import { AsyncResource } from 'node:async_hooks'
import PQueue from 'p-queue'
import { Slot } from '../core/task/nested-slot.js'
import type { BackendLimits, BackendStats, Job, JobContext } from '../core/words/backend.js'
import { type Waiting, WaitingLine } from './waiting-line.js'

/** Does a job in a slot, and ends the slot when the job is over. */
export type DoJob = (job: Job, context: JobContext, slot: Slot) => Promise<unknown>

/**
 * Counts the slots of a process. A job starts at once where one is free. Any other stays in a line of our own, which knows
 * priorities and scopes and takes little memory, until p-queue, which knows pauses and rate limits, lets one through; only then it is chosen.
 */
export class Slots {
  readonly #line: WaitingLine<WaitingJob>
  readonly #queue: PQueue
  readonly #concurrency: number
  readonly #doJob: DoJob
  readonly #isRated: boolean
  readonly #perScope: boolean
  /** Jobs that have a slot, without those that lend it. */
  #taken = 0
  #lent = 0
  #filling = false

  constructor(
    concurrency: number,
    { perScope = Number.POSITIVE_INFINITY, rateLimit }: BackendLimits,
    doJob: DoJob,
  ) {
    this.#line = new WaitingLine(perScope)
    this.#concurrency = concurrency
    this.#doJob = doJob
    this.#isRated = rateLimit !== undefined
    this.#perScope = Number.isFinite(perScope)
    this.#queue = new PQueue({
      concurrency,
      ...(rateLimit ? { intervalCap: rateLimit.starts, interval: rateLimit.per, strict: true } : {}),
    })
    this.#queue.on('next', () => this.#fill())
  }

  /**
   * Does the job when a slot is free. An abort takes one that waits out of the line; what it does to work that runs is the
   * work's own affair.
   */
  run(job: Job, context: JobContext): Promise<unknown> {
    if (this.#isFree(job.scope)) return this.#start(job, context)
    return new Promise((resolve, reject) => {
      const waiting = new WaitingJob(job, context, resolve, reject)
      this.#line.add(waiting)
      this.#fill()
      context.onAbort((reason) => this.#abort(waiting, reason))
    })
  }

  setPriority(ref: string, priority: number): void {
    this.#line.setPriority(ref, priority)
  }

  pause(): void {
    this.#queue.pause()
  }

  resume(): void {
    this.#queue.start()
  }

  stats(): Omit<BackendStats, 'abandoned'> {
    return { waiting: this.#line.size, running: this.#taken, paused: this.#queue.isPaused }
  }

  /** Frees a slot for as long as it is lent, in its scope too. */
  lend(scope: string): void {
    this.#lent++
    this.#queue.concurrency = this.#concurrency + this.#lent
    this.free(scope)
  }

  takeBack(scope: string): void {
    this.#lent--
    this.#queue.concurrency = this.#concurrency + this.#lent
    this.#taken++
    if (this.#perScope) this.#line.enter(scope)
  }

  free(scope: string): void {
    this.#taken--
    if (this.#perScope) this.#line.leave(scope)
    // Not at once: whoever ended comes to its end first.
    if (this.#line.size > 0) queueMicrotask(() => this.#fill())
  }

  /** Whether a job may start at once, past the line. */
  #isFree(scope: string): boolean {
    const hasSlot = this.#taken < this.#concurrency && this.#line.size === 0
    return (
      hasSlot && !this.#isRated && !this.#queue.isPaused && (!this.#perScope || this.#line.hasRoom(scope))
    )
  }

  #start(job: Job, context: JobContext): Promise<unknown> {
    this.#taken++
    if (this.#perScope) this.#line.enter(job.scope)
    return this.#doJob(job, context, new Place(this, job.scope))
  }

  /** Asks p-queue to let jobs through while slots are free. One request may wait there, for its rate limit or a pause to end. */
  #fill(): void {
    // A request that is granted at once comes back here, and so would each of the next ones, deeper and deeper.
    if (this.#filling) return
    this.#filling = true
    const queue = this.#queue
    while (queue.size === 0 && this.#taken < this.#concurrency && this.#line.hasNext)
      void queue.add(() => this.#startNext())
    this.#filling = false
  }

  /** Slots may have been taken back while the request waited: then the next free one brings another. */
  async #startNext(): Promise<void> {
    const waiting = this.#taken < this.#concurrency ? this.#line.take() : undefined
    if (!waiting) return
    const { job, context, resolve, reject } = waiting
    await waiting.inAsyncContext(() => this.#start(job, context)).then(resolve, reject)
  }

  #abort(waiting: WaitingJob, reason: unknown): void {
    if (!this.#line.remove(waiting)) return
    waiting.reject(reason)
    // A request that found no job any more would count as a start.
    if (!this.#line.hasNext) this.#queue.clear()
  }
}

/** A job, and how to report what became of it. */
class WaitingJob implements Waiting {
  turn = 0
  priority: number
  /** That of the call which began the task: it may be the end of any other job that starts this one. */
  readonly #asyncContext = new AsyncResource('raincheck.task', { requireManualDestroy: true })

  constructor(
    readonly job: Job,
    readonly context: JobContext,
    readonly resolve: (value: unknown) => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.priority = job.priority
  }

  inAsyncContext<T>(start: () => T): T {
    return this.#asyncContext.runInAsyncScope(start)
  }

  get ref(): string {
    return this.job.ref
  }

  get scope(): string {
    return this.job.scope
  }
}

/** A slot that a job has. */
class Place extends Slot {
  readonly #slots: Slots
  readonly #scope: string

  constructor(slots: Slots, scope: string) {
    super()
    this.#slots = slots
    this.#scope = scope
  }

  protected give(): void {
    this.#slots.lend(this.#scope)
  }

  protected regain(): void {
    this.#slots.takeBack(this.#scope)
  }

  protected free(): void {
    this.#slots.free(this.#scope)
  }
}
