import { describeError, type ErrorInfo } from '../words/errors.js'
import { isHopeless } from '../words/retryable.js'

/** What the work came to. */
export type Outcome =
  | { status: 'complete'; value: unknown; settledAt: number }
  | {
      status: 'failed'
      thrown: unknown
      info: ErrorInfo
      retryable: boolean
      settledAt: number
      /** Its work succeeded, but the value could not be stored: no other call gets this error. */
      isLost?: true
    }
  | { status: 'cancelled'; reason: Error; settledAt: number }

/** The outcome of work that threw, or was ended by an error. */
export function failure(thrown: unknown, info: ErrorInfo = describeError(thrown)): Outcome {
  return { status: 'failed', thrown, info, retryable: !isHopeless(thrown), settledAt: Date.now() }
}
