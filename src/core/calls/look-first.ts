import type { Engine } from '../task/engine.js'
import type { LiveTask } from '../task/live-task.js'
import type { Events } from '../words/events.js'
import { orLate } from '../words/timers.js'

/** How long a look at the store may hold up a ref, in milliseconds. */
const LOOK_MS = 50

/** Looks at the store before a ref is given: where it was lost without anybody having noticed, nobody else would find the ref. */
export class LookFirst {
  readonly #events: Events
  readonly #lookAtStore: () => Promise<void>
  #state: 'under way' | 'done' | undefined

  constructor({ events }: Engine, look: () => Promise<void>) {
    this.#events = events
    this.#lookAtStore = look
  }

  /** @returns Whether there is a look to wait for before the ref of a task is given. Then this calls back at its end, in which turn there is none. */
  isDue(task: LiveTask, deadline: number, onDone: () => void): boolean {
    // A record that the caller has waited for has just been written. A look would let a function end first that a caller without a window does not wait for.
    const isNew = (task.recordedAt ?? 0) >= deadline
    if (this.#state === 'done' || isNew) return false
    if (this.#state !== 'under way') void this.#look(task, onDone)
    return true
  }

  /** A store that is away, or slow, has not lost the record for that. */
  async #look({ ref }: LiveTask, onDone: () => void): Promise<void> {
    this.#state = 'under way'
    try {
      await orLate(this.#lookAtStore(), LOOK_MS)
    } catch (error) {
      this.#events.emit('store-error', { error: error as Error, ref })
    }
    this.#state = 'done'
    onDone()
    this.#state = undefined
  }
}
