import { inProcess } from '../../backends/in-process/in-process.js'
import type { ConvertInput, ConvertResult } from '../../convert/index.js'
import { given } from '../../core/words/given.js'
import { createFor } from '../../create-raincheck.js'
import type { Raincheck, StoreOption } from '../../index.js'
import { type BatchInput, type BatchResult, batchFunction } from './batch-function.js'
import { type ConvertFunction, cachedConvert, convertWork, type Offer } from './convert-function.js'
import { type ConvertLimits, convertLimits } from './convert-limits.js'
import { convertPool } from './convert-pool.js'
import { fileFunctions } from './file-functions.js'

/** They only wait for conversions, which have processes of their own. */
const BATCHES_AT_ONCE = 64

/** The functions that come with the package, on a store. */
export interface Bundled extends ReturnType<typeof fileFunctions> {
  rain: Raincheck
  convert: ConvertFunction
  /** For those who cannot take all documents at once. */
  convertBatch: ReturnType<typeof batchFunction>
  /** Starts a child that loads the converter, so that the first document need not wait for that. */
  warm(): void
}

/** Functions that are offered to callers from outside. */
export interface Offers {
  convert: Offer<ConvertInput, ConvertResult>
  convertBatch: Offer<BatchInput, BatchResult>
}

export interface BundledOptions {
  /** @default memory */
  store?: StoreOption
  /** Instead of those of the environment. */
  limits?: Partial<ConvertLimits>
  offers?: Offers
}

/** @param version Of the package: it is a part of the functions' identity. */
export function openBundled(version: string, { store, limits = {}, offers }: BundledOptions = {}): Bundled {
  const pool = convertPool({ ...convertLimits(), ...limits })
  const rain = createFor('bundled', { ...given({ store }), app: 'raincheck', backend: pool })
  const convert = cachedConvert(rain, version, offers?.convert)
  const waiting = inProcess({ concurrency: BATCHES_AT_ONCE })
  const files = fileFunctions(rain, convert, version, waiting)
  const convertBatch = batchFunction(rain, convert, version, waiting, offers?.convertBatch)
  return { rain, convert, convertBatch, ...files, warm: () => pool.warm(convertWork) }
}
