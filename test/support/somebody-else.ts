import { startFixture } from './child.js'
import { once } from './when-done.js'

/** Another process for the tests of a `describe`, which opens a store anew for each look. @returns What refs lead to there: a value, a status or the code of an error. */
export function somebodyElse() {
  const child = once(async () => startFixture('redeemer.mjs'))
  return async (store: string, refs: readonly string[], wait?: string): Promise<unknown[]> => {
    child().send({ store, refs, wait })
    return child().next('redeemed')
  }
}
