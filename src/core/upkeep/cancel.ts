import { readTask } from '../refs/redeem.js'
import type { Core } from '../task/engine.js'
import type { LiveTask } from '../task/live-task.js'
import { untilStored } from '../task/questions.js'
import { settlementByOthers } from '../task/settlement.js'
import { cancelled } from '../words/errors.js'
import type { Ref } from '../words/ref.js'
import { isLive } from '../words/task-store.js'

/**
 * `cancelled`: it had not started, or it has stopped. `requested`: it has been told, and may go on for a while.
 * `already-settled`: there was nothing to cancel.
 */
export type CancelResult = 'cancelled' | 'requested' | 'already-settled'

/** Settles a live task as cancelled, which frees its key and its slot, and aborts its work, wherever that runs. */
export async function cancel(core: Core, ref: Ref, scope: string): Promise<CancelResult> {
  await untilStored(core, ref)
  const own = core.own.get(ref)
  if (own && own.origin.scope === scope) return cancelOwn(own)
  const stored = await readTask(core, ref, scope)
  if (!isLive(stored)) return 'already-settled'
  // Before, since a store in memory gives the record itself.
  const result = stored.status === 'pending' ? 'cancelled' : 'requested'
  const revoke = core.tasks.revoke(ref, stored.run, settlementByOthers(core, 'cancelled'))
  if (!(await revoke)) return cancel(core, ref, scope)
  return result
}

async function cancelOwn(task: LiveTask): Promise<CancelResult> {
  if (task.outcome) return 'already-settled'
  const started = task.status === 'processing'
  task.abort.abort(cancelled(task.ref))
  await task.until(() => task.released)
  if (started && task.origin.spec.backend.capabilities.abort === 'requested') return 'requested'
  await task.until(() => task.stopped)
  return 'cancelled'
}
