import { AsyncLocalStorage } from 'node:async_hooks'

/** The slot that the current function runs in. */
export interface Slot {
  /** Lets another job have it meanwhile. @returns Takes it back. */
  lend(): () => void
}

/** Set by a backend that runs functions in this process, for what they call. */
export const currentSlot = new AsyncLocalStorage<Slot>()

/**
 * While a function waits for another cached call it works on nothing: it lends its slot, so that functions which call
 * each other cannot block one another for ever. The slot is its own again once it has its answer, or stops waiting.
 */
export function lendingSlot<T>(slot: Slot, waiting: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const takeBack = slot.lend()
  let lent = true
  const end = () => {
    if (lent) takeBack()
    lent = false
    signal?.removeEventListener('abort', end)
  }
  signal?.addEventListener('abort', end, { once: true })
  return waiting.finally(end)
}
