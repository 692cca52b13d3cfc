/** The clocks that all functions share. They differ, so that none hides behind another. */
export const clocks = {
  asyncTimeout: 1_000,
  /** How long a value of a shared store is answered from memory. */
  memoryTtl: 2_000,
  retention: 60_000,
  retryDelay: 3_000,
  /**
   * After a fault all is written again: what could not be stored is tried again after 30 s at most, as is another task of
   * its key that had to wait for that, and its record after 5 s.
   */
  recovery: 66_000,
  /** So long after the end of a task its value may be given up, if the store did not take it. */
  refused: 60_000,
}

/** One function for each key. */
export const functions = [
  { ttl: 5_000, retries: 0, timeout: 20_000 },
  { ttl: 300_000, retries: 1, retryDelay: clocks.retryDelay, timeout: Number.POSITIVE_INFINITY },
  { ttl: 0, retries: 2, retryDelay: clocks.retryDelay, timeout: 25_000 },
] as const

export type Key = 0 | 1 | 2

/** How long past its window a caller waits for a ref that cannot be given. */
export function patience(key: Key): number {
  return Math.min(functions[key].timeout, 30_000)
}
