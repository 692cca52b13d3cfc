import { interrupted } from '../words/errors.js'
import { forgottenKey, isLive, type StoredTask } from '../words/task-store.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import { failure } from './outcome.js'
import { emitEnd } from './settle.js'
import { isOpen } from './state.js'
import { endOf } from './store-outcome.js'

/** A cancel from another process is seen within a second. */
const LOOK_EVERY_MS = 500

type Parts = Pick<Engine, 'tasks' | 'lease' | 'registry' | 'events'>

/** Looks, while this process holds tasks in a shared store, whether another has settled, taken or forgotten one. */
export class Cancellations {
  readonly #engine: Parts
  #timer: NodeJS.Timeout | undefined
  #looking = false

  constructor(engine: Parts) {
    this.#engine = engine
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    const { registry, tasks, lease, events } = this.#engine
    if (registry.size === 0) return this.stop()
    // A slow store must not be asked again before it has answered.
    if (this.#looking) return
    this.#looking = true
    try {
      for (const ref of await tasks.revoked(lease.owner)) {
        const task = registry.get(ref)
        if (task && isOpen(task)) yieldTo(this.#engine, task, await tasks.get(ref))
      }
    } catch (error) {
      events.emit('store-error', { error: error as Error })
    } finally {
      this.#looking = false
    }
  }
}

/** The task has the end that stands in the store, or goes on elsewhere: then those who wait here follow it there. */
function yieldTo(engine: Parts, task: LiveTask, stored: StoredTask | undefined): void {
  const isOurs = stored?.term === task.term
  // It goes on, for those who have its ref.
  if (stored?.key === forgottenKey(task.ref)) engine.registry.forgetTask(task)
  // It may have ended while the store was asked, or been taken back by this process.
  if (!isOpen(task) || (isOurs && isLive(stored))) return
  const end = stored ? isOurs && endOf(stored) : failure(interrupted())
  if (!(end ? task.end('revoke', end) : task.to('lose'))) return
  engine.registry.remove(task)
  task.abort.abort(end && end.status === 'cancelled' ? end.reason : interrupted())
  if (end) emitEnd(engine, task, end)
  task.changed()
}
