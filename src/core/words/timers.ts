import type { Abort } from './abort.js'
import { onSignal } from './abort.js'
import { LONGEST_TIMER_MS } from './duration.js'
import { messageOf, RaincheckError } from './errors.js'

/**
 * How long a store may take for one operation, in milliseconds. Longer than SQLite's busy timeout (4 s), so that a
 * locked file says so itself, and shorter than the patience of most callers.
 */
export const STORE_DEADLINE_MS = 5_000

/**
 * How long a store may take to open, in milliseconds. On a busy machine loading a driver takes many times what it does on an idle one, and no
 * store is away because of that.
 */
export const OPENING_LIMIT_MS = 30_000

/**
 * Follows a store operation for as long as a store may take, `limitMs`.
 * @throws RaincheckError `STORE_UNAVAILABLE` when it fails or runs past that. A write that ran past it is unknown,
 *   not failed: it may still land.
 */
export function withinDeadline<T>(
  what: string,
  operation: Promise<T>,
  limitMs = STORE_DEADLINE_MS,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(storeError(what, `no answer within ${limitMs} ms`))
    const timer = setTimeout(late, limitMs)
    operation.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error instanceof RaincheckError ? error : storeError(what, messageOf(error), error))
      },
    )
  })
}

/** Calls back after `ms`, which may be longer than a timer can be; then it never calls. @returns Ends the timer. */
export function startTimer(ms: number, onTime: () => void): () => void {
  if (ms > LONGEST_TIMER_MS) return () => {}
  const timer = setTimeout(onTime, ms)
  return () => clearTimeout(timer)
}

/** Waits at most `ms` for a result: it is `late` after that. */
export async function orLate<T>(result: Promise<T>, ms: number): Promise<T | 'late'> {
  let stopTimer = () => {}
  const late = new Promise<'late'>((resolve) => {
    stopTimer = startTimer(ms, () => resolve('late'))
  })
  try {
    return await Promise.race([result, late])
  } finally {
    stopTimer()
  }
}

/** Lets time pass, in milliseconds; ends early, and without an error, when the signal says so. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      stop?.()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const stop = signal && onSignal(signal, end)
  })
}

/** Waits, but not past the close; and a process with nothing else to do does not wait for this. */
function unlessClosed({ closing }: { closing: Abort }, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      stop()
      resolve()
    }, ms).unref()
    const stop = closing.onAbort(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Waits, and tries; waits twice as long after each try that came to nothing. Ends with a close, after one last try. */
export async function repeatUntilClosed(
  engine: { closed: boolean; closing: Abort },
  { first, longest }: { first: number; longest: number },
  attempt: () => Promise<boolean>,
): Promise<void> {
  for (let waitMs = first; !engine.closed; waitMs = Math.min(longest, 2 * waitMs)) {
    await unlessClosed(engine, waitMs)
    if (await attempt()) return
  }
}

function storeError(what: string, reason: string, cause?: unknown): RaincheckError {
  return new RaincheckError('STORE_UNAVAILABLE', `the store could not ${what}: ${reason}`, { cause })
}
