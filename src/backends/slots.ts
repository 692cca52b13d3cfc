import { AsyncResource } from 'node:async_hooks'
import PQueue from 'p-queue'
import { Slot } from '../core/task/nested-slot.js'
import type { BackendLimits, BackendStats, Job, JobContext } from '../core/words/backend.js'
import { type Waiting, WaitingLine } from './waiting-line.js'

/** Does a job in a slot, which is free again once this has settled. */
export type DoJob = (job: Job, context: JobContext, slot: Slot) => Promise<unknown>

/**
 * The places that jobs run in: p-queue, which counts them and their starts. A job stays in a line of our own, which knows
 * priorities and scopes and takes little memory, until p-queue has a place; only then it is chosen.
 */
export class Slots {
  readonly #line: WaitingLine<WaitingJob>
  readonly #queue: PQueue
  readonly #concurrency: number
  readonly #doJob: DoJob
  readonly #isRated: boolean
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
    return new Promise((resolve, reject) => {
      const waiting = new WaitingJob(job, context, resolve, reject)
      if (this.#isFree(waiting.scope)) {
        this.#line.enter(waiting.scope)
        void this.#queue.add(() => this.#do(waiting))
        return
      }
      waiting.keepAsyncContext()
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
    const { pending, isPaused } = this.#queue
    return { waiting: this.#line.size, running: pending - this.#lent, paused: isPaused }
  }

  /** One more job may run for as long as a slot is lent, in its scope too. */
  lend(scope: string): void {
    this.#line.leave(scope)
    this.#lend(1)
  }

  takeBack(scope: string): void {
    this.#line.enter(scope)
    this.#lend(-1)
  }

  #lend(change: 1 | -1): void {
    this.#lent += change
    this.#queue.concurrency = this.#concurrency + this.#lent
    this.#fill()
  }

  /** Whether a job would start at once, so that it need not go through the line. */
  #isFree(scope: string): boolean {
    const { size, isPaused, pending, concurrency } = this.#queue
    const hasPlace = size === 0 && !isPaused && pending < concurrency
    return hasPlace && !this.#isRated && this.#line.size === 0 && this.#line.hasRoom(scope)
  }

  /** Asks p-queue for places while it has some. One request may wait there, for its rate limit or a pause to end. */
  #fill(): void {
    // A request that is granted at once comes back here, and so would each of the next ones, deeper and deeper.
    if (this.#filling) return
    this.#filling = true
    const queue = this.#queue
    while (queue.size === 0 && queue.pending < queue.concurrency && this.#line.hasNext)
      void queue.add(() => this.#doNext())
    this.#filling = false
  }

  #doNext(): Promise<void> {
    const waiting = this.#line.take()
    if (!waiting) return Promise.resolve()
    this.#fill()
    return this.#do(waiting)
  }

  #do(waiting: WaitingJob): Promise<void> {
    const { job, context, resolve, reject, scope } = waiting
    return waiting
      .inAsyncContext(() => this.#doJob(job, context, new Place(this, scope)))
      .then(resolve, reject)
      .then(() => this.#line.leave(scope))
  }

  #abort(waiting: WaitingJob, reason: unknown): void {
    if (!this.#line.remove(waiting)) return
    waiting.reject(reason)
    // A request that found no job any more would count as a start.
    if (!this.#line.hasNext) this.#queue.clear()
  }
}

/** A job, and how to tell what it came to. */
class WaitingJob implements Waiting {
  turn = 0
  priority: number
  /** That of the call which began the task: it may be the end of any other job that starts this one. */
  #asyncContext: AsyncResource | undefined

  constructor(
    readonly job: Job,
    readonly context: JobContext,
    readonly resolve: (value: unknown) => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.priority = job.priority
  }

  keepAsyncContext(): void {
    this.#asyncContext = new AsyncResource('raincheck.task', { requireManualDestroy: true })
  }

  inAsyncContext<T>(start: () => T): T {
    return this.#asyncContext ? this.#asyncContext.runInAsyncScope(start) : start()
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
}
