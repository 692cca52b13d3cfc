import PQueue from 'p-queue'
import type { BackendLimits, BackendStats, Job, JobContext } from '../core/backend.js'
import type { Slot } from '../core/slot.js'
import { type LineOptions, WaitingLine } from './waiting-line.js'

/** The places that jobs run in: p-queue over a line that knows priorities and scopes. */
export class Slots {
  readonly #line: WaitingLine
  readonly #queue: PQueue<WaitingLine, LineOptions>
  readonly #concurrency: number
  #lent = 0

  constructor(concurrency: number, { perScope = Number.POSITIVE_INFINITY, rateLimit }: BackendLimits) {
    const line = new WaitingLine(perScope)
    this.#line = line
    this.#concurrency = concurrency
    this.#queue = new PQueue({
      concurrency,
      // p-queue makes its queue itself, from a class.
      queueClass: class {
        constructor() {
          // biome-ignore lint/correctness/noConstructorReturn: hands over the one line that is shared with it
          return line
        }
      } as new () => WaitingLine,
      ...(rateLimit ? { intervalCap: rateLimit.starts, interval: rateLimit.per, strict: true } : {}),
    })
  }

  /**
   * Runs the work when a slot is free. An abort takes a job that waits out of the line; what it does to running work
   * is the work's own affair.
   */
  run<T>({ ref, scope, priority }: Job, context: JobContext, work: (slot: Slot) => Promise<T>): Promise<T> {
    let aborted: { reason: unknown } | undefined
    const occupy = async () => {
      if (aborted) throw aborted.reason
      try {
        return await work(new Place(this, scope))
      } finally {
        this.#line.leave(scope)
      }
    }
    const done = this.#queue.add(occupy, { id: ref, scope, priority })
    // With a free slot it has left the line by now, and nothing need take it out.
    if (this.#line.has(ref))
      context.onAbort((reason) => {
        aborted = { reason }
        void this.#line.remove(ref)?.()
      })
    return done
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
    return { waiting: this.#line.waiting, running: pending - this.#lent, paused: isPaused }
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
  }
}

/** A slot that a job has. */
class Place implements Slot {
  readonly #slots: Slots
  readonly #scope: string

  constructor(slots: Slots, scope: string) {
    this.#slots = slots
    this.#scope = scope
  }

  lend(): () => void {
    this.#slots.lend(this.#scope)
    return () => this.#slots.takeBack(this.#scope)
  }
}
