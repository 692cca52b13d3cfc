import type { Engine } from '../task/engine.js'
import { completeAnswer, type TaskOrigin } from '../task/live-task.js'
import { storeKey } from '../values/key.js'
import type { CompleteAnswer } from '../words/answer.js'
import type { Ref } from '../words/ref.js'

/**
 * The last value of a key, where its function allows one that has expired to stand in (`grace`).
 * @param ref Of the task that computes it anew, or failed to.
 */
export async function staleAnswer(
  engine: Engine,
  { spec, keyText }: TaskOrigin,
  ref: Ref,
): Promise<CompleteAnswer<unknown> | undefined> {
  if (spec.grace === 0) return undefined
  try {
    const record = await engine.tasks.latest(storeKey(engine.tasks, keyText))
    if (!record || record.freshUntil + spec.grace <= Date.now()) return undefined
    const found = await engine.values.get(record.ref, record.term)
    return found && { ...completeAnswer(record, found.value, record.settledAt), ref, stale: true }
  } catch (error) {
    engine.events.emit('store-error', { error: error as Error, ref })
    return undefined
  }
}
