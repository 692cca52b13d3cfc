import type { Engine } from '../task/engine.js'

/** A sweep is a query of its own; one in so many settled tasks keeps it below a hundredth of the work. */
const SWEEP_EVERY = 256

type Parts = Pick<Engine, 'tasks' | 'values' | 'maxEntries' | 'events' | 'closing' | 'registry'>

/** Drops, now and then, what nobody can redeem any more. */
export class Sweeper {
  readonly #engine: Parts
  #settled = 0
  #sweeping = false

  constructor(engine: Parts) {
    this.#engine = engine
  }

  /** Called for each task that has settled. */
  onSettled(): void {
    if (++this.#settled < SWEEP_EVERY || this.#sweeping || this.#engine.closing.aborted) return
    this.#settled = 0
    void this.#sweep()
  }

  async #sweep(): Promise<void> {
    const { tasks, values, maxEntries, events, registry } = this.#engine
    this.#sweeping = true
    try {
      const removed = await tasks.sweep({ now: Date.now(), maxEntries })
      registry.forget(removed)
      await values.remove(removed)
    } catch (error) {
      events.emit('store-error', { error: error as Error })
    } finally {
      this.#sweeping = false
    }
  }
}
