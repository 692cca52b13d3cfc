import { type Callee, Slot } from '../../core/task/nested-slot.js'

/** The worker of BullMQ, as far as slots concern it: it counts every job that it has open. */
export interface CountingWorker {
  concurrency: number
  pause(doNotWaitActive: boolean): Promise<void>
  resume(): void
}

/** The slots of one process: each job takes one, lends it while its function waits for nested calls, and has it back before it goes on. */
export class JobSlots {
  /** Takes as many jobs as there are slots for. Set once it has started. */
  worker: CountingWorker | undefined
  readonly #concurrency: number
  #jobs = 0
  /** Jobs that have a slot, without those that lend it. */
  #taken = 0
  /** Functions that wait for their slot. */
  readonly #returning = new Set<() => void>()

  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  /** For a job that the worker has begun. */
  take(task: Callee): Slot {
    this.#jobs++
    this.#taken++
    return new JobSlot(this, task)
  }

  give(): void {
    this.#taken--
    this.#serve()
  }

  end(isHeld: boolean): void {
    this.#jobs--
    if (isHeld) this.#taken--
    this.#serve()
  }

  /** Takes a slot back as soon as one is free, before the worker takes another job. @returns Ends that. */
  regain(onTaken: () => void): () => void {
    this.#returning.add(onTaken)
    this.#serve()
    return () => {
      if (this.#returning.delete(onTaken)) this.#setConcurrency()
    }
  }

  #serve(): void {
    for (const onTaken of this.#returning) {
      if (this.#taken >= this.#concurrency) break
      this.#returning.delete(onTaken)
      this.#taken++
      onTaken()
    }
    this.#setConcurrency()
  }

  /** Jobs that lend their slot do not count for us, and free slots may be somebody's. */
  #setConcurrency(): void {
    const { worker } = this
    if (!worker) return
    const withoutSlot = this.#jobs - this.#taken
    const wanted = Math.max(1, this.#concurrency + withoutSlot - this.#returning.size)
    const isMore = wanted > worker.concurrency
    worker.concurrency = wanted
    // It looks at its concurrency when a job ends; a resume makes it look now.
    if (isMore) void worker.pause(true).then(() => worker.resume())
  }
}

class JobSlot extends Slot {
  protected readonly task: Callee
  readonly #slots: JobSlots

  constructor(slots: JobSlots, task: Callee) {
    super()
    this.task = task
    this.#slots = slots
  }

  protected give(): void {
    this.#slots.give()
  }

  protected free(isHeld: boolean): void {
    this.#slots.end(isHeld)
  }

  protected regain(onTaken: () => void): () => void {
    return this.#slots.regain(onTaken)
  }
}
