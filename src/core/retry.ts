import type { CallAnswer } from './answer.js'
import type { Core } from './core.js'
import { RaincheckError } from './errors.js'
import { readTask, redeem } from './redeem.js'
import type { Ref } from './ref.js'
import type { FindFunction } from './scope.js'

/**
 * The answer of a new task for the input of one that failed or was cancelled; of the task itself when it is live or
 * complete.
 */
export async function retry(
  core: Core,
  ref: Ref,
  scope: string,
  find: FindFunction,
): Promise<CallAnswer<unknown>> {
  const own = core.liveByRef.get(ref)
  if (own?.outcome) await own.until(() => own.released)
  const stored = await readTask(core, ref, scope)
  if (stored.status !== 'failed' && stored.status !== 'cancelled') {
    const answer = await redeem(core, ref, scope, 0)
    if (answer.status !== 'failed' && answer.status !== 'cancelled') return answer
  }
  const wrapped = find(stored)
  if (!wrapped)
    throw new RaincheckError(
      'FUNCTION_NOT_REGISTERED',
      `${stored.name} (version ${stored.version}, app ${stored.app}) is not wrapped in this process; retry where it is`,
    )
  if (stored.input === undefined)
    throw new RaincheckError(
      'INVALID_INPUT',
      `the input of ${ref} could not be stored, so it cannot be retried; make the call again instead`,
    )
  return wrapped(core.serializer.parse(stored.input), { scope, refresh: true })
}
