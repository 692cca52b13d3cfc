import { type CallAnswer, RaincheckError } from '../../../index.js'
import { submit, tellSubmitted } from '../convert/submit.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { type CliFunctions, closeOthers, openFunctions } from '../functions.js'
import type { CliStore } from '../store.js'

/** `raincheck retry <ref>`: leaves a new task for the same input to the worker, and tells its ref. */
export async function retry(ref: string, options: { json?: boolean }, version: string): Promise<ExitCode> {
  const { store, all } = await openFunctions(version)
  try {
    tellSubmitted(await retryByOne(all, store, ref), options.json)
    return exitCodes.success
  } finally {
    await closeOthers(all)
  }
}

/** By the first that knows its function; the others stay open for that. */
async function retryByOne(
  all: readonly CliFunctions[],
  store: CliStore,
  ref: string,
): Promise<CallAnswer<unknown>> {
  let unknown: unknown
  for (const one of all)
    try {
      return await submit(one, store, () => one.rain.retry(ref, { asyncTimeout: 0 }))
    } catch (error) {
      if (!(error instanceof RaincheckError && error.code === 'FUNCTION_NOT_REGISTERED')) throw error
      unknown = error
    }
  throw unknown
}
