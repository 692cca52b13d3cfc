import type { ModuleAddress } from '../../core/options/from-module.js'
import type { ProgressReport } from '../../core/words/answer.js'
import type { Job } from '../../core/words/backend.js'
import type { ErrorInfo } from '../../core/words/errors.js'

/** What the pool tells its child. */
export type ToChild =
  | { type: 'load'; address: ModuleAddress }
  | ({ type: 'run'; address: ModuleAddress } & Pick<Job, 'input' | 'ref' | 'scope' | 'attempt' | 'answers'>)

/** What a child tells its pool, always of the one task it runs. */
export type FromChild =
  | { type: 'progress'; report: ProgressReport }
  | { type: 'log'; line: string }
  | { type: 'ask'; requests: Readonly<Record<string, unknown>> }
  | ({ type: 'value'; value: unknown } & Outcome)
  | ({ type: 'error'; error: ErrorInfo } & Outcome)

interface Outcome {
  /** Whether so much memory is still taken that the next task would have too little. */
  isFull: boolean
}

/** What a child's watching thread gets. */
export interface ChildWatch {
  /** The id of the process that is to outlive the child. */
  parent: number
  /** What the child may take, in MB. */
  memoryLimit: number | undefined
}

/** What a child prints last that has taken more memory than it may. */
export const OVER_MEMORY_LIMIT = 'raincheck: over the memory limit'
