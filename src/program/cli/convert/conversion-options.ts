import type { ConvertOptions } from '../../../convert/index.js'
import type { ConvertLimits } from '../../documents/convert-limits.js'

const names = [
  'pageBreaks',
  'remoteImages',
  'maxFileBytes',
  'maxUnpackedBytes',
  'maxArchiveEntries',
  'maxPages',
] as const satisfies (keyof ConvertOptions)[]

/** Those of the conversion itself that the command line has, under the names that its messages use. */
export interface ConversionOptions extends Pick<ConvertOptions, (typeof names)[number]> {
  keepHidden?: boolean
  timeout?: number
  maxMemory?: number
}

/** Only what was given: the options are a part of the key that a conversion is kept under. */
export function conversionOptions(given: ConversionOptions): ConvertOptions {
  const pairs = names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))
  return { ...Object.fromEntries(pairs), ...(given.keepHidden ? { sanitize: false } : {}) }
}

/** Of documents that are converted by this command; the worker knows those of the environment. */
export function conversionLimits({ timeout, maxMemory }: ConversionOptions): Partial<ConvertLimits> {
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(maxMemory === undefined ? {} : { memory: maxMemory }),
  }
}
