import { plainError } from '../core/refs/format-answer.js'
import { describeError, type ErrorInfo } from '../core/words/errors.js'
import type { CallAnswer, CallOptions } from '../index.js'
import type { HttpFunction } from './options.js'
import { ProblemError, problemErrorOf } from './problem.js'

/**
 * Calls a function for a request.
 * @throws ProblemError that says whether the call was refused, or its task has failed.
 */
export async function callFunction(
  wrapped: HttpFunction,
  input: unknown,
  options: CallOptions,
): Promise<CallAnswer<unknown>> {
  try {
    return await wrapped(input as never, options)
  } catch (thrown) {
    // Nobody reads the answer.
    if (options.signal?.aborted) throw new ProblemError(400, 'CLIENT_GONE', 'the request was given up')
    throw problemErrorOf(thrown) ?? (await refusalOf(wrapped, input)) ?? taskFailed(describeError(thrown))
  }
}

/** For a task that failed: by its function's own error, a timeout, a crash. */
export function taskFailed(error: ErrorInfo): ProblemError {
  const detail = `the task failed: ${error.message}`
  return new ProblemError(500, 'TASK_FAILED', detail, { error: plainError(error) })
}

/** For a call that no task was made of. */
export function refused(thrown: unknown): ProblemError {
  return problemErrorOf(thrown) ?? new ProblemError(422, 'INVALID_INPUT', describeError(thrown).message)
}

/** An error does not say whether it is by `check`, which refuses before there is a task: so that is asked again. */
async function refusalOf({ options }: HttpFunction, input: unknown): Promise<ProblemError | undefined> {
  const { check, input: schema } = options
  if (!check) return undefined
  try {
    const parsed = await schema?.['~standard'].validate(input)
    await check((parsed && 'value' in parsed ? parsed.value : input) as never)
    return undefined
  } catch (refusal) {
    return refused(refusal)
  }
}
