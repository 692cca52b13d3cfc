import { randomUUID } from 'node:crypto'
import type { Events } from '../words/events.js'
import type { TaskStore } from '../words/task-store.js'

/**
 * How long the tasks of a process count as held after its last sign of life, in milliseconds. Long enough for a
 * blocked event loop or a slow disk, short enough that nobody waits long on the tasks of one that was killed.
 */
const LEASE_MS = 15_000

/** Renewed three times per lease, so that one lost renewal costs nothing. */
const RENEW_MS = LEASE_MS / 3

/**
 * So long after a renewal a process that holds nothing need not renew for its next task, in milliseconds. Short enough that
 * two renewals come before the lease runs out.
 */
const RENEWED_MS = 1_000

/** This process's sign of life in the task store, given while it holds tasks. */
export class Lease {
  readonly owner = randomUUID()
  readonly #tasks: TaskStore
  readonly #events: Events
  #held = 0
  #first: Promise<void> | undefined
  /** By a clock that nobody sets. */
  #renewedAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  /** What comes before the next renewal. */
  #before: (() => Promise<void>) | undefined

  constructor(tasks: TaskStore, events: Events) {
    this.#tasks = tasks
    this.#events = events
  }

  /** Takes the lease for one more task. Resolves once it stands in the store. */
  async hold(): Promise<void> {
    const age = performance.now() - this.#renewedAt
    // One that may have run out is renewed first: this process would take its own tasks over.
    if (age > (this.#held === 0 ? RENEWED_MS : LEASE_MS)) this.#first = undefined
    this.#held++
    this.#first ??= this.#renew()
    this.#timer ??= setInterval(() => void this.#renewOrTell(), RENEW_MS).unref()
    try {
      await this.#first
    } catch (error) {
      this.#first = undefined
      this.drop()
      throw error
    }
  }

  /** One task less; the lease itself is left to run out, since the next task may come at once. */
  drop(): void {
    this.#held--
    if (this.#held > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** The store has lost it, or has an older one. @param before To be done before it is taken again. */
  lose(before: () => Promise<void>): void {
    this.#first = undefined
    this.#renewedAt = Number.NEGATIVE_INFINITY
    this.#before = before
  }

  /** Ends the lease at once. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    if (this.#tasks.shared) await this.#tasks.release(this.owner)
  }

  async #renew(): Promise<void> {
    const before = this.#renewedAt
    // From now on, so that holds which come meanwhile wait for this one.
    this.#renewedAt = performance.now()
    try {
      const first = this.#before
      await first?.()
      if (this.#before === first) this.#before = undefined
      await this.#tasks.renew(this.owner, LEASE_MS)
    } catch (error) {
      this.#renewedAt = before
      throw error
    }
  }

  async #renewOrTell(): Promise<void> {
    try {
      await this.#renew()
    } catch (error) {
      this.#events.emit('store-error', { error: error as Error })
    }
  }
}
