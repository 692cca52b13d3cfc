import type { ScopeOf } from '../context.js'
import type { ValueText } from '../value-result.js'

/** How tasks are told to clients of the extension. The same for each place that tells of them. */
export interface TasksOptions {
  /** Whose call it is, as for `registerCachedTool`. @default '' for all */
  scope?: ScopeOf
  /** Whether values come from outside, as for `registerCachedTool`. @default false */
  untrusted?: boolean
  /** How values read, as for `registerCachedTool`. @default their JSON */
  text?: ValueText
}

export const tasksOptionTypes = { scope: 'function', untrusted: 'boolean', text: 'function' }
