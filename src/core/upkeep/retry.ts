import type { CallOptions } from '../options/call-options.js'
import type { FunctionIdentity } from '../options/function-identity.js'
import { readTask, redeem } from '../refs/redeem.js'
import type { Engine, RegisteredFunction } from '../task/engine.js'
import type { LiveTask } from '../task/live-task.js'
import { isReleased } from '../task/state.js'
import type { CallAnswer } from '../words/answer.js'
import { notRegistered, RaincheckError } from '../words/errors.js'
import type { Ref } from '../words/ref.js'

/** Options of `retry`. */
export type RetryOptions = Pick<CallOptions, 'asyncTimeout'>

/**
 * The answer of a new task for the input of one that failed or was cancelled; of the task itself when it is live or
 * complete.
 */
export async function retry(
  engine: Engine,
  ref: Ref,
  scope: string,
  options: RetryOptions,
): Promise<CallAnswer<unknown>> {
  const own = engine.registry.get(ref)
  if (own?.origin.scope === scope) return retryOwn(engine, own, options)
  const stored = await readTask(engine, ref, scope)
  if (stored.status !== 'failed' && stored.status !== 'cancelled') {
    const answer = await redeem(engine, ref, scope, 0)
    if (answer.status !== 'failed' && answer.status !== 'cancelled') return answer
  }
  const caller = callerOf(engine, stored)
  if (stored.input === undefined)
    throw new RaincheckError(
      'INVALID_INPUT',
      `the input of ${ref} could not be stored, so it cannot be retried; make the call again instead`,
    )
  const { input, metadata } = stored
  return caller.callParsed(engine.serializer.parse(input), { ...options, scope, refresh: true, metadata })
}

/** Asks no store, which may be away. */
async function retryOwn(engine: Engine, task: LiveTask, options: RetryOptions): Promise<CallAnswer<unknown>> {
  const { ref, origin } = task
  const { spec, scope, input, metadata } = origin
  if (task.outcome) await task.until(() => isReleased(task))
  if (task.outcome?.status === 'failed' || task.outcome?.status === 'cancelled')
    return callerOf(engine, spec).callParsed(input, { ...options, scope, refresh: true, metadata })
  return (await redeem(engine, ref, scope, 0)) as CallAnswer<unknown>
}

function callerOf(engine: Engine, identity: FunctionIdentity): RegisteredFunction {
  const caller = engine.find(identity)
  if (caller) return caller
  throw notRegistered(identity, 'retry')
}
