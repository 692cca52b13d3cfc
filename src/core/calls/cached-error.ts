import { type StaleKey, staleInTime } from '../refs/stale.js'
import type { Engine } from '../task/engine.js'
import type { CompleteAnswer } from '../words/answer.js'
import { reviveError } from '../words/errors.js'
import type { CachedError } from '../words/hits.js'
import type { StoredTask } from '../words/task-store.js'

/** Answers a call by an error that is cached. An old value goes before it, as long as `grace` allows one. */
export async function answerCachedError(
  engine: Engine,
  key: StaleKey,
  { ref, thrown }: CachedError,
  deadline: number,
): Promise<CompleteAnswer<unknown>> {
  const stale = await staleInTime(engine, key, ref, deadline)
  if (stale) return stale
  throw thrown
}

/** The error of a record that stands for a key: the one that was thrown, where that was in this process. It is remembered as a value is. */
export function cachedErrorOf(
  { hits, memoryTtl, events }: Engine,
  { keyText }: StaleKey,
  { ref, name, title, scope, error, freshUntil }: StoredTask,
): CachedError {
  const known = hits.hit(keyText)?.answer
  const thrown = known?.ref === ref && known.status === 'failed' ? known.thrown : error && reviveError(error)
  const answer = { status: 'failed' as const, ref, name, title, thrown }
  hits.remember(keyText, { answer, until: Math.min(freshUntil, Date.now() + memoryTtl) })
  events.emit('hit', { ref, name, title, scope })
  return answer
}
