import { AsyncResource } from 'node:async_hooks'
import PQueue from 'p-queue'
import { callersSlot, Slot } from '../core/task/nested-slot.js'
import type { BackendLimits, BackendStats, Job, JobContext } from '../core/words/backend.js'
import { type Waiting, WaitingLine } from './waiting-line.js'

/** Does a job in a slot, and ends the slot when the job is over. */
export type DoJob = (job: Job, context: JobContext, slot: Slot) => Promise<unknown>

/**
 * Counts the slots of a process. A job starts at once where one is free. Any other stays in a line of our own, which knows
 * priorities and scopes and takes little memory, until p-queue, which knows pauses and rate limits, lets one through; only then it is chosen.
 * Functions that take their slot back go before all jobs, and start nothing that a rate limit counts.
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
  /** Jobs that lend theirs. */
  #lent = 0
  /** Functions that wait for their slot, in the order they asked. */
  readonly #returning = new Set<Returning>()
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
      ...(rateLimit ? { intervalCap: rateLimit.starts, interval: rateLimit.per, strict: true } : {}),
    })
  }

  /**
   * Does the job when a slot is free. An abort takes one that waits out of the line; what it does to work that runs is the
   * work's own affair.
   */
  run(job: Job, context: JobContext): Promise<unknown> {
    if (this.#isFree(job.scope)) return this.#start(job, context)
    callersSlot()?.lend()
    if (this.#isFree(job.scope)) return this.#start(job, context)
    return new Promise((resolve, reject) => {
      const waiting = new WaitingJob(job, context, resolve, reject)
      this.#line.add(waiting)
      this.#fill()
      waiting.stopListening = context.onAbort((reason) => this.#abort(waiting, reason))
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

  /** How many more jobs of a scope would start at once. Of a rate limit only p-queue knows, and it says no more than that it is reached. */
  room(scope: string): number {
    // Those that wait for their scope hold up no other.
    const isHeldUp = this.#line.hasNext || this.#returning.size > 0 || this.#queue.isPaused
    if (isHeldUp || (this.#isRated && this.#queue.isRateLimited)) return 0
    const free = this.#concurrency - this.#taken
    return this.#perScope ? Math.min(free, this.#line.roomFor(scope)) : free
  }

  stats(): Omit<BackendStats, 'abandoned'> {
    return { waiting: this.#line.size, running: this.#taken, paused: this.#queue.isPaused }
  }

  /** Frees a slot for as long as its job waits for nested calls. */
  lend(scope: string): void {
    this.#lent++
    this.#taken--
    if (this.#perScope) this.#line.leave(scope)
    queueMicrotask(() => this.#fill())
  }

  /** Frees a slot for good. @param isHeld False for a job that ends while it lends it. */
  free(scope: string, isHeld: boolean): void {
    if (isHeld) this.#taken--
    else this.#lent--
    if (isHeld && this.#perScope) this.#line.leave(scope)
    if (this.#line.size === 0 && this.#returning.size === 0) return
    // Not at once: whoever ended comes to its end first, and a function that waits for that takes its slot back.
    if (this.#lent > 0) setImmediate(() => this.#fill())
    else queueMicrotask(() => this.#fill())
  }

  /** Takes a slot back as soon as one is free. @returns Ends that. */
  regain(scope: string, onTaken: () => void): () => void {
    const returning = { scope, onTaken }
    this.#returning.add(returning)
    this.#serveReturning()
    return () => void this.#returning.delete(returning)
  }

  /** Whether a job may start at once, past the line. */
  #isFree(scope: string): boolean {
    const hasSlot = this.#taken < this.#concurrency && this.#line.size === 0 && this.#returning.size === 0
    return (
      hasSlot && !this.#isRated && !this.#queue.isPaused && (!this.#perScope || this.#line.hasRoom(scope))
    )
  }

  #start(job: Job, context: JobContext): Promise<unknown> {
    this.#taken++
    if (this.#perScope) this.#line.enter(job.scope)
    return this.#doJob(job, context, new Place(this, job))
  }

  #serveReturning(): void {
    for (const returning of this.#returning) {
      if (this.#taken >= this.#concurrency) return
      if (this.#perScope && !this.#line.hasRoom(returning.scope)) continue
      this.#returning.delete(returning)
      this.#lent--
      this.#taken++
      if (this.#perScope) this.#line.enter(returning.scope)
      returning.onTaken()
    }
  }

  /** Asks p-queue to let jobs through while slots are free. One request may wait there, for its rate limit or a pause to end. */
  #fill(): void {
    // A request that is granted at once comes back here, and so would each of the next ones, deeper and deeper.
    if (this.#filling) return
    this.#filling = true
    this.#serveReturning()
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
    waiting.stopListening?.()
    const done = waiting.inAsyncContext(() => this.#start(job, context)).then(resolve, reject)
    this.#fill()
    await done
  }

  #abort(waiting: WaitingJob, reason: unknown): void {
    if (!this.#line.remove(waiting)) return
    waiting.reject(reason)
    // A request that found no job any more would count as a start.
    if (!this.#line.hasNext) this.#queue.clear()
  }
}

interface Returning {
  readonly scope: string
  readonly onTaken: () => void
}

/** A job, and how to report what became of it. */
class WaitingJob implements Waiting {
  readonly nested: boolean
  stopListening: (() => void) | undefined
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
    this.nested = callersSlot()?.hasEnded === false
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
  protected readonly task: Job
  readonly #slots: Slots

  constructor(slots: Slots, job: Job) {
    super()
    this.task = job
    this.#slots = slots
  }

  protected give(): void {
    this.#slots.lend(this.task.scope)
  }

  protected free(isHeld: boolean): void {
    this.#slots.free(this.task.scope, isHeld)
  }

  protected regain(onTaken: () => void): () => void {
    return this.#slots.regain(this.task.scope, onTaken)
  }
}
