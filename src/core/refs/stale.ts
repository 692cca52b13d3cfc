import type { Core } from '../task/engine.js'
import type { TaskOrigin } from '../task/live-task.js'
import { storeKey } from '../values/store-key.js'
import type { CompleteAnswer } from '../words/answer.js'
import type { Ref } from '../words/ref.js'
import { completeAnswer } from './answers.js'

/**
 * The last value of a key, where its function allows one that has expired to stand in (`grace`).
 * @param ref Of the task that computes it anew, or failed to.
 */
export async function staleAnswer(
  core: Core,
  { spec, keyText }: TaskOrigin,
  ref: Ref,
): Promise<CompleteAnswer<unknown> | undefined> {
  if (spec.grace === 0) return undefined
  try {
    const record = await core.tasks.latest(storeKey(core, keyText))
    if (!record || record.freshUntil + spec.grace <= Date.now()) return undefined
    const found = await core.values.get(record.ref, record.run)
    return found && { ...completeAnswer(record, found.value), ref, stale: true }
  } catch (error) {
    core.events.emit('store-error', { error: error as Error, ref })
    return undefined
  }
}
