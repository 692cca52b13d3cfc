import type { Core } from '../task/engine.js'

/** Removes settled tasks: those that have expired, and those that settled before a time. @returns How many. */
export async function prune(core: Core, settledBefore?: number): Promise<number> {
  let removed = 0
  for (;;) {
    const limits = { now: Date.now(), maxEntries: core.maxEntries }
    const some = await core.tasks.sweep(settledBefore === undefined ? limits : { ...limits, settledBefore })
    await core.values.remove(some)
    removed += some.length
    if (some.length === 0) return removed
  }
}
