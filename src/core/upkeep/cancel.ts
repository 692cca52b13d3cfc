import { readTask } from '../refs/redeem.js'
import type { Engine } from '../task/engine.js'
import type { LiveTask } from '../task/live-task.js'
import { untilStored } from '../task/questions.js'
import { settlementByOthers } from '../task/settle.js'
import { isReleased } from '../task/state.js'
import { cancelled } from '../words/errors.js'
import type { Ref } from '../words/ref.js'
import { isLive } from '../words/task-store.js'

/**
 * `cancelled`: it had not started, or it has stopped. `requested`: it has been told, and may go on for a while.
 * `already-settled`: there was nothing to cancel.
 */
export type CancelResult = 'cancelled' | 'requested' | 'already-settled'

/** Settles a live task as cancelled, which frees its key and its slot, and aborts its work, wherever that runs. */
export async function cancel(engine: Engine, ref: Ref, scope: string): Promise<CancelResult> {
  for (;;) {
    await untilStored(engine, ref)
    const own = engine.registry.get(ref)
    const isOwn = own !== undefined && own.origin.scope === scope
    const result = isOwn ? await cancelOwn(own) : await cancelStored(engine, ref, scope)
    if (result) return result
  }
}

/** @returns Undefined for a task that others go on with: it asked, was left or taken over before the cancel. */
async function cancelOwn(task: LiveTask): Promise<CancelResult | undefined> {
  if (task.outcome) return 'already-settled'
  const started = task.phase === 'running'
  task.abort.abort(cancelled(task.ref))
  await task.until(() => isReleased(task))
  if (task.phase === 'handed-over' || (task.phase === 'deferred' && !task.standing)) return undefined
  if (started && task.origin.spec.backend.capabilities.abort === 'requested') return 'requested'
  await task.until(() => task.work !== 'on')
  return 'cancelled'
}

/** @returns Undefined for a task that has changed meanwhile. */
async function cancelStored(engine: Engine, ref: Ref, scope: string): Promise<CancelResult | undefined> {
  const stored = await readTask(engine, ref, scope)
  if (!isLive(stored)) return 'already-settled'
  // Before, since a store in memory gives the record itself.
  const result = stored.status === 'pending' ? 'cancelled' : 'requested'
  const revoke = engine.tasks.revoke(ref, stored.term, settlementByOthers(engine, 'cancelled'))
  if (!(await revoke)) return undefined
  engine.registry.endAsking([{ ref }])
  return result
}
