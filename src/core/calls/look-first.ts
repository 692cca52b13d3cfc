import type { Engine } from '../task/engine.js'
import type { LiveTask } from '../task/live-task.js'
import { orLate } from '../words/timers.js'

/** How long a look at the store may hold up a ref, in milliseconds. */
const LOOK_MS = 50

/** A record that was written in the last so many milliseconds needs no look: a caller with no window would lose it to a function that is quicker. */
const RECENT_MS = 50

/** Looks at the store before a ref is given: where it was lost without anybody having noticed, nobody else would find the ref. */
export class LookFirst {
  readonly #engine: Engine
  #state: 'under way' | 'done' | undefined

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** @returns Whether there is a look to wait for before the ref of a task is given. Then this calls back at its end, in which turn there is none. */
  isDue(task: LiveTask, onDone: () => void): boolean {
    const { tasks } = this.#engine
    if (!tasks.look || this.#state === 'done' || isRecent(task)) return false
    if (this.#state !== 'under way') void this.#look(tasks.look(), task, onDone)
    return true
  }

  /** A store that is away, or slow, has not lost the record for that. */
  async #look(looking: Promise<void>, { ref }: LiveTask, onDone: () => void): Promise<void> {
    this.#state = 'under way'
    try {
      await orLate(looking, LOOK_MS)
    } catch (error) {
      this.#engine.events.emit('store-error', { error: error as Error, ref })
    }
    this.#state = 'done'
    onDone()
    this.#state = undefined
  }
}

function isRecent({ recordedAt = 0 }: LiveTask): boolean {
  return Date.now() - recordedAt < RECENT_MS
}
