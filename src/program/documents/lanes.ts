import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import type { TaskHandle } from '../../index.js'

/** More conversions than can run, so that the next is at hand; not all, so that a cancel has little to undo. */
const AT_ONCE = 2 * availableParallelism()

/**
 * Does the work for each document, a few at a time, in their order, and tells how many are done.
 * @param signal Begins no more when it is aborted, and rejects with its reason.
 */
export async function inLanes<R>(
  paths: readonly string[],
  { signal, progress }: Pick<TaskHandle, 'signal' | 'progress'>,
  work: (path: string, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  let done = 0
  const lane = async () => {
    while (next < paths.length && !signal.aborted) {
      const at = next++
      const path = paths[at] as string
      const result = await work(path, at)
      if (signal.aborted) return
      results[at] = result
      progress({ current: ++done, total: paths.length, message: basename(path) })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  signal.throwIfAborted()
  return results
}
