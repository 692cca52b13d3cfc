import type { Engine } from '../task/engine.js'

/** Removes what nobody can redeem any more, at most a thousand tasks. One sweep at a time; never rejects. */
export function sweeper(
  engine: Pick<Engine, 'tasks' | 'values' | 'maxEntries' | 'events' | 'closing' | 'hits' | 'registry'>,
): () => Promise<void> {
  const { tasks, values, maxEntries, events, closing, hits, registry } = engine
  let isSweeping = false
  return async () => {
    if (isSweeping || closing.aborted) return
    isSweeping = true
    try {
      const removed = await tasks.sweep({ now: Date.now(), maxEntries })
      hits.forgetTasks(removed)
      registry.endAsking(removed)
      await values.remove(removed)
    } catch (error) {
      events.emit('store-error', { error: error as Error })
    } finally {
      isSweeping = false
    }
  }
}
