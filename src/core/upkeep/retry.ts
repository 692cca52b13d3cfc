import type { CallOptions } from '../options/call-options.js'
import type { FunctionIdentity } from '../options/function-identity.js'
import { readTask, redeem } from '../refs/redeem.js'
import type { Core, RegisteredFunction } from '../task/engine.js'
import type { LiveTask } from '../task/live-task.js'
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
  core: Core,
  ref: Ref,
  scope: string,
  options: RetryOptions,
): Promise<CallAnswer<unknown>> {
  const own = core.own.get(ref)
  if (own?.origin.scope === scope) return retryOwn(core, own, options)
  const stored = await readTask(core, ref, scope)
  if (stored.status !== 'failed' && stored.status !== 'cancelled') {
    const answer = await redeem(core, ref, scope, 0)
    if (answer.status !== 'failed' && answer.status !== 'cancelled') return answer
  }
  const caller = callerOf(core, stored)
  if (stored.input === undefined)
    throw new RaincheckError(
      'INVALID_INPUT',
      `the input of ${ref} could not be stored, so it cannot be retried; make the call again instead`,
    )
  return caller.callParsed(core.serializer.parse(stored.input), { ...options, scope, refresh: true })
}

/** Asks no store, which may be away. */
async function retryOwn(core: Core, task: LiveTask, options: RetryOptions): Promise<CallAnswer<unknown>> {
  const { ref, origin } = task
  const { spec, scope, input } = origin
  if (task.outcome) await task.until(() => task.released)
  if (task.outcome?.status === 'failed' || task.outcome?.status === 'cancelled')
    return callerOf(core, spec).callParsed(input, { ...options, scope, refresh: true })
  return (await redeem(core, ref, scope, 0)) as CallAnswer<unknown>
}

function callerOf(core: Core, identity: FunctionIdentity): RegisteredFunction {
  const caller = core.find(identity)
  if (caller) return caller
  throw notRegistered(identity, 'retry')
}
