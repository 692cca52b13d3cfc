import { firstToKnow } from '../../../many/first-to-know.js'
import { submit, tellSubmitted } from '../convert/submit.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { closeOthers, openFunctions } from '../functions.js'

/** `raincheck retry <ref>`: leaves a new task for the same input to the worker, and tells its ref. */
export async function retry(ref: string, options: { json?: boolean }, version: string): Promise<ExitCode> {
  const { store, all } = await openFunctions(version)
  try {
    // The others stay open until one knows its function.
    const answer = await firstToKnow(all, ['FUNCTION_NOT_REGISTERED'], (one) =>
      submit(one, store, () => one.rain.retry(ref, { asyncTimeout: 0 })),
    )
    tellSubmitted(answer, options.json)
    return exitCodes.success
  } finally {
    await closeOthers(all)
  }
}
