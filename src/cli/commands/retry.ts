import { RaincheckError } from '../../index.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { closeOthers, openFunctions } from '../functions.js'
import { submit, tellSubmitted } from '../submit.js'

/** `raincheck retry <ref>`: leaves a new task for the same input to the worker, and tells its ref. */
export async function retry(ref: string, options: { json?: boolean }, version: string): Promise<ExitCode> {
  const { store, all } = await openFunctions(version)
  let unknown: unknown
  for (const one of all)
    try {
      const answer = await submit(one, store, () => one.rain.retry(ref, { asyncTimeout: 0 }))
      tellSubmitted(answer, options.json)
      return exitCodes.success
    } catch (error) {
      if (!(error instanceof RaincheckError && error.code === 'FUNCTION_NOT_REGISTERED')) throw error
      unknown = error
    } finally {
      await closeOthers(all, one)
    }
  throw unknown
}
