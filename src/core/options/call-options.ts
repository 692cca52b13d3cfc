import type { Progress } from '../words/answer.js'
import {
  abortSignal,
  callback,
  finite,
  invalid,
  refuseUnknown,
  wholeNumber,
  yesOrNo,
} from '../words/check-option.js'
import { type Duration, parseDuration } from '../words/duration.js'
import type { FunctionSpec } from './function-options.js'
import { readMetadata } from './metadata.js'

/** Options of one call. */
export interface CallOptions {
  /** An isolated name space, such as a user: refs and values never cross it. @default '' */
  scope?: string
  /** How long this caller waits before it gets a ref, counted from the call. @default that of the function */
  asyncTimeout?: Duration
  /** Among waiting tasks, higher first. Of all callers of one task the highest counts. @default that of the function */
  priority?: number
  /** How many more attempts a failing task gets, if this call begins it. @default that of the function */
  retries?: number
  /** Stops this caller's waiting, which then rejects with its reason; the work goes on. */
  signal?: AbortSignal
  /** Passes over a stored value. A run under way counts as fresh. @default false */
  refresh?: boolean
  /**
   * JSON that is shown with the task everywhere, at most 4 kB as text. It is not part of the key. The first caller's counts: later calls that join the
   * task, or get its value from the store, do not change it. @default none
   */
  metadata?: unknown
  /** Told how far the work is, for as long as this caller waits; of work that runs in this process. */
  onProgress?: (progress: Progress) => void
}

/** The same with the function's own options filled in. */
export interface Call {
  readonly scope: string
  /** When the caller's patience ends, in milliseconds since 1970. */
  readonly deadline: number
  readonly priority: number
  readonly retries: number
  readonly refresh: boolean
  readonly signal: AbortSignal | undefined
  readonly metadata: unknown
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/** @throws RaincheckError `INVALID_OPTION`, naming the option. */
export function resolveCall(spec: FunctionSpec, options: CallOptions | undefined): Call {
  const now = Date.now()
  const { asyncTimeout, priority, retries } = spec
  if (options === undefined)
    return {
      scope: '',
      deadline: now + asyncTimeout,
      priority,
      retries,
      refresh: false,
      signal: undefined,
      metadata: undefined,
      onProgress: undefined,
    }
  refuseUnknown(options, known)
  const { scope = '', asyncTimeout: window, refresh = false, signal, metadata, onProgress } = options
  if (typeof scope !== 'string') throw invalid('scope', 'a text', scope)
  return {
    scope,
    deadline: now + (window === undefined ? asyncTimeout : parseDuration('asyncTimeout', window)),
    priority: finite('priority', options.priority ?? priority),
    retries: wholeNumber('retries', options.retries ?? retries, 0),
    refresh: yesOrNo('refresh', refresh),
    signal: abortSignal('signal', signal),
    metadata: metadata === undefined ? undefined : readMetadata(metadata),
    onProgress: callback('onProgress', onProgress),
  }
}

const known = ['scope', 'asyncTimeout', 'priority', 'retries', 'signal', 'refresh', 'metadata', 'onProgress']
