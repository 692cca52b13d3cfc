import { inProcess } from '../backends/in-process.js'
import { createFor } from '../create-raincheck.js'
import type { Raincheck, StoreOption } from '../index.js'
import { type ConvertFunction, cachedConvert, convertWork } from './convert-function.js'
import { type ConvertLimits, convertLimits } from './convert-limits.js'
import { convertPool } from './convert-pool.js'
import { fileFunctions } from './file-functions.js'

/** They only wait for conversions, which have processes of their own. */
const BATCHES_AT_ONCE = 64

/** The functions that come with the package, on a store. */
export interface Bundled extends ReturnType<typeof fileFunctions> {
  rain: Raincheck
  convert: ConvertFunction
  /** Starts a child that loads the converter, so that the first document need not wait for that. */
  warm(): void
}

/**
 * @param version Of the package: it is a part of the functions' identity.
 * @param limits Instead of those of the environment.
 */
export function openBundled(
  version: string,
  store: StoreOption = 'sqlite',
  limits: Partial<ConvertLimits> = {},
): Bundled {
  const pool = convertPool({ ...convertLimits(), ...limits })
  const rain = createFor('bundled', { store, app: 'raincheck', backend: pool })
  const convert = cachedConvert(rain, version)
  const files = fileFunctions(rain, convert, version, inProcess({ concurrency: BATCHES_AT_ONCE }))
  return { rain, convert, ...files, warm: () => pool.warm(convertWork) }
}
