import { type ErrorCode, RaincheckError } from '../core/words/errors.js'

/**
 * Asks one raincheck after the other, until one can tell.
 * @param others The errors that leave it to the next.
 */
export async function firstToKnow<R, T>(
  rains: readonly R[],
  others: readonly ErrorCode[],
  ask: (rain: R) => Promise<T>,
): Promise<T> {
  let told: RaincheckError | undefined
  for (const rain of rains) {
    try {
      return await ask(rain)
    } catch (error) {
      if (!(error instanceof RaincheckError && others.includes(error.code))) throw error
      // That a function is missing says more than that another raincheck has not heard of the ref.
      if (!told || told.code === 'REF_NOT_FOUND') told = error
    }
  }
  throw told
}
