import type { ProgressReport } from '../core/answer.js'
import type { Job } from '../core/backend.js'
import type { ErrorInfo } from '../core/errors.js'
import type { ModuleAddress } from '../core/from-module.js'

/** What the pool tells its child. */
export type ToChild =
  | { type: 'load'; address: ModuleAddress }
  | ({ type: 'run'; address: ModuleAddress } & Pick<Job, 'input' | 'ref' | 'scope' | 'attempt' | 'answers'>)

/** What a child tells its pool, always of the one task it runs. */
export type FromChild =
  | { type: 'progress'; report: ProgressReport }
  | { type: 'log'; line: string }
  | { type: 'ask'; requests: Readonly<Record<string, unknown>> }
  | { type: 'value'; value: unknown }
  | { type: 'error'; error: ErrorInfo }
