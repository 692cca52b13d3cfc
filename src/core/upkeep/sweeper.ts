import type { Core } from '../task/engine.js'

/** A sweep is a query of its own; one in so many settled tasks keeps it below a hundredth of the work. */
const SWEEP_EVERY = 256

/** Drops, now and then, what nobody can redeem any more. */
export class Sweeper {
  readonly #core: Core
  #settled = 0
  #sweeping = false

  constructor(core: Core) {
    this.#core = core
  }

  /** Called for each task that has settled. */
  onSettled(): void {
    if (++this.#settled < SWEEP_EVERY || this.#sweeping || this.#core.closed) return
    this.#settled = 0
    void this.#sweep()
  }

  async #sweep(): Promise<void> {
    const { tasks, values, maxEntries, events } = this.#core
    this.#sweeping = true
    try {
      await values.remove(await tasks.sweep({ now: Date.now(), maxEntries }))
    } catch (error) {
      events.emit('store-error', { error: error as Error })
    } finally {
      this.#sweeping = false
    }
  }
}
