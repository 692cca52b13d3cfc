import { availableParallelism } from 'node:os'

/** More conversions than can run, so that the next is at hand; not all, so that a cancel has little to undo. */
const AT_ONCE = 2 * availableParallelism()

/** Does the work for each item, a few at a time, in their order. Begins no more when the signal is aborted. */
export async function inLanes<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T, at: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < items.length && !signal.aborted) {
      const at = next++
      await work(items[at] as T, at)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  signal.throwIfAborted()
}
