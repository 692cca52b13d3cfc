/** How long SQLite waits for another process's write, in milliseconds; below the deadline of a store call (5 s). */
export const BUSY_TIMEOUT_MS = 4_000

/** Whether a statement failed because another connection has the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes('SQLITE_BUSY')
}
