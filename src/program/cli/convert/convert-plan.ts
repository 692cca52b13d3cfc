import type { Duration } from '../../../index.js'
import type { Bundled } from '../../documents/open-bundled.js'
import type { FileJob } from '../../documents/output-paths.js'
import type { CliStore } from '../store.js'
import type { ConversionOptions } from './conversion-options.js'
import type { FileReport } from './convert-report.js'

export interface ConvertCommandOptions extends ConversionOptions {
  output?: string
  stdout?: boolean
  force?: boolean
  failFast?: boolean
  background?: boolean
  asyncTimeout?: Duration
  json?: boolean
  /** On, unless `--no-front-matter` is given. */
  frontMatter: boolean
}

/** What is to be converted, once all that can be refused is. */
export interface ConvertPlan {
  /** What a list of tasks shows. */
  title: string
  jobs: FileJob[]
  /** What is refused already. */
  refused: FileReport[]
  isBatch: boolean
  bundled: Bundled
  store: CliStore
}
