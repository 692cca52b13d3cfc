import { setImmediate } from 'node:timers/promises'
import type { Engine } from '../task/engine.js'

/** Removes settled tasks: those that have expired, and those that settled before a time. @returns How many. */
export async function prune(engine: Engine, settledBefore?: number): Promise<number> {
  let removed = 0
  for (;;) {
    const limits = { now: Date.now(), maxEntries: engine.maxEntries }
    const some = await engine.tasks.sweep(settledBefore === undefined ? limits : { ...limits, settledBefore })
    engine.hits.forgetTasks(some)
    engine.registry.endAsking(some)
    await engine.values.remove(some)
    removed += some.length
    if (some.length === 0) return removed
    // A store in memory removes a million records without ever waiting for anything.
    await setImmediate()
  }
}
