import { cancelled, interrupted } from '../words/errors.js'
import type { Core } from './engine.js'

/** A cancel from another process is to be seen within a second (R14 of the design). */
const LOOK_EVERY_MS = 500

/** Looks, while this process holds tasks in a shared store, whether another has settled or taken one. */
export class RevocationWatch {
  readonly #core: Core
  #timer: NodeJS.Timeout | undefined
  #looking = false

  constructor(core: Core) {
    this.#core = core
  }

  start(): void {
    if (this.#core.tasks.shared) this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    const { own, tasks, lease, events } = this.#core
    if (own.size === 0) return this.stop()
    // A slow store must not be asked again before it has answered.
    if (this.#looking) return
    this.#looking = true
    try {
      for (const ref of await tasks.revoked(lease.owner)) {
        const task = own.get(ref)
        if (!task || task.outcome) continue
        const stored = await tasks.get(ref)
        task.abort.abort(stored?.status === 'cancelled' ? cancelled(ref) : interrupted())
      }
    } catch (error) {
      events.emit('store-error', { error: error as Error })
    } finally {
      this.#looking = false
    }
  }
}
