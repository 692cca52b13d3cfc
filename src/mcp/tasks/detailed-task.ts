import type { Answer, FailedAnswer, LiveAnswer } from '../../index.js'
import { failedResult } from '../failure.js'
import { type InputRequest, inputRequestOf } from '../input-requests.js'
import { quickResult, type ValueText } from '../value-result.js'
import { liveStatus, type WireTask, wireTask } from '../wire-task.js'
import { INTERNAL_ERROR } from './protocol-error.js'

/** How values are told; as for `registerCachedTool`. */
export interface ValueTelling {
  untrusted: boolean
  text: ValueText | undefined
}

export type DetailedTask = WireTask & {
  result?: object
  error?: { code: number; message: string }
  inputRequests?: Record<string, InputRequest>
}

/**
 * All that is known of a task, as the extension tells it. A function's own error is a result that says so, as it would have been
 * without a task; `failed` is for errors of the protocol.
 * @param retention How long a ref can be redeemed once its task has settled, in milliseconds.
 */
export function detailedTask(answer: Answer<unknown>, retention: number, how: ValueTelling): DetailedTask {
  if (answer.status === 'cancelled') return wireTask(answer, 'cancelled', retention)
  if (answer.status === 'failed') return failedTask(answer, retention)
  if (answer.status !== 'complete') return liveTask(answer, retention)
  const telling = { format: 'standard' as const, retention }
  return {
    ...wireTask(answer, 'completed', retention),
    result: complete(quickResult(answer, telling, { ...how, isPublished: false })),
  }
}

function liveTask(answer: LiveAnswer<unknown>, retention: number): DetailedTask {
  const { requests } = answer
  const task = wireTask(answer, liveStatus(answer), retention)
  if (!requests) return task
  const inputRequests = Object.entries(requests).map(([key, request]) => [key, inputRequestOf(request)])
  return { ...task, inputRequests: Object.fromEntries(inputRequests) }
}

function failedTask(answer: FailedAnswer<unknown>, retention: number): DetailedTask {
  const { error, retryable } = answer
  const code = protocolCode(error.code)
  if (code !== undefined)
    return { ...wireTask(answer, 'failed', retention), error: { code, message: error.message } }
  return {
    ...wireTask(answer, 'completed', retention),
    result: complete(failedResult(error, retryable)),
  }
}

/** In the range that JSON-RPC reserves. A process that ended has no result to tell: its server broke, not its function. */
function protocolCode(code: string | undefined): number | undefined {
  if (code === 'INTERRUPTED') return INTERNAL_ERROR
  const number = Number(code)
  return Number.isInteger(number) && number >= -32_768 && number <= -32_000 ? number : undefined
}

/** Clients refuse a result that does not say what kind it is of. */
function complete(result: object): object {
  return { resultType: 'complete', ...result }
}
