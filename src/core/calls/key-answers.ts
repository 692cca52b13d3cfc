import type { FunctionSpec } from '../options/function-options.js'
import { answerFromRecord, liveAnswer } from '../refs/answers.js'
import type { Engine } from '../task/engine.js'
import { completeAnswer, type LiveTask } from '../task/live-task.js'
import { digest, storeKey } from '../values/key.js'
import type { Answer } from '../words/answer.js'
import { isShared } from '../words/backend.js'
import { isLive } from '../words/task-store.js'
import { withinDeadline } from '../words/timers.js'

/** Returns what a call with this key would get now, without starting anything. */
export async function peekKey(engine: Engine, keyText: string): Promise<Answer<unknown> | undefined> {
  const { registry, hits, tasks, values } = engine
  const own = registry.byKey(keyText)
  if (own) await recorded(own)
  const known = own && ownAnswer(own)
  if (known) return known
  const hit = hits.hit(keyText)
  if (hit?.answer.status === 'complete' && Date.now() < hit.until) return hit.answer
  const standing = await tasks.standing(storeKey(tasks, keyText), Date.now())
  if (!standing) return undefined
  const taken = registry.get(standing.ref)
  if (taken && isLive(standing)) return taken.outcome ? ownAnswer(taken) : liveAnswer(taken)
  if (standing.status !== 'complete') return answerFromRecord(standing)
  const found = await values.get(standing.ref, standing.term)
  return found && completeAnswer(standing, found.value, standing.settledAt)
}

/**
 * Makes the next call with this key begin anew: removes the values that answered it. A live task goes on for callers who have its ref. On a shared store
 * the process that runs that task notices within a second.
 */
export async function forgetKey(engine: Engine, { backend }: FunctionSpec, keyText: string): Promise<void> {
  const { registry, hits, tasks, values } = engine
  const own = registry.byKey(keyText)
  if (own) registry.forgetTask(own)
  hits.forgetKey(keyText)
  // Its record may be on its way, under this key.
  if (own) await recorded(own)
  const removed = await tasks.forget(storeKey(tasks, keyText))
  await values.remove(removed)
  if (isShared(backend)) await backend.freeKey(digest(keyText))
  // A call may have read one of them in the meantime, or be about to.
  engine.forgets++
  hits.forgetKey(keyText)
}

/** A task that has its outcome, but no store to put it in, answers for no longer than it would from the store. */
export function joinable(task: LiveTask, refresh: boolean): LiveTask | undefined {
  if (!task.outcome || task.phase !== 'unstored') return task
  const isFresh = Date.now() < task.outcome.settledAt + task.ttl
  return isFresh && !refresh ? task : undefined
}

/** Undefined while its ref cannot be redeemed yet, and where another task stands for the key. */
function ownAnswer(task: LiveTask): Answer<unknown> | undefined {
  const { outcome, record, phase } = task
  if (outcome)
    return outcome.status === 'complete' && joinable(task, false) ? task.completeAnswer(outcome) : undefined
  return record === 'ours' && phase !== 'starting' ? liveAnswer(task) : undefined
}

function recorded(task: LiveTask): Promise<void> {
  const isKnown = () => task.record !== 'writing' && task.phase !== 'starting'
  return withinDeadline('record the task', task.until(isKnown))
}
