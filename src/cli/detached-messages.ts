import type { Duration } from '../index.js'
import type { FileOutcome } from './convert-files.js'

/** What the command tells the process that goes on after it. */
export interface DetachedOrder {
  sources: string[]
  asyncTimeout: Duration
  version: string
}

/** What that process answers, once for each source. */
export interface DetachedReport {
  index: number
  outcome: FileOutcome
}
