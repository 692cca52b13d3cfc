import type { Engine } from '../task/engine.js'
import { completeAnswer, type TaskOrigin } from '../task/live-task.js'
import { storeKey } from '../values/key.js'
import type { CompleteAnswer } from '../words/answer.js'
import type { Ref } from '../words/ref.js'
import { orLate } from '../words/timers.js'

/** How far past its window a caller waits for an old value, in milliseconds: what R1 allows. A window of 0 has no other time for it. */
export const STALE_LOOK_MS = 50

/** What the old value of a key is found by. */
export type StaleKey = Pick<TaskOrigin, 'spec' | 'keyText'>

/**
 * The last value of a key, where its function allows one that has expired to stand in (`grace`).
 * @param ref Of the task that computes it anew, or failed to.
 */
export async function staleAnswer(
  engine: Engine,
  { spec, keyText }: StaleKey,
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

/** The same for a caller whose window ends at `deadline`: a slow store does not make it longer. */
export async function staleInTime(
  engine: Engine,
  key: StaleKey,
  ref: Ref,
  deadline: number,
): Promise<CompleteAnswer<unknown> | undefined> {
  if (key.spec.grace === 0) return undefined
  const leftMs = Math.max(0, deadline - Date.now()) + STALE_LOOK_MS
  const answer = await orLate(staleAnswer(engine, key, ref), leftMs)
  return answer === 'late' ? undefined : answer
}
