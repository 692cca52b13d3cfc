import type { ConvertResult } from '../convert/index.js'
import type { Raincheck, Ref, TaskHandle } from '../index.js'
import type { ConvertFunction } from './convert-function.js'

/** Converts a document as a part of another task: its progress is told there, and a cancel of that cancels it. */
export async function convertNested(
  rain: Raincheck,
  convert: ConvertFunction,
  path: string,
  { scope, signal }: Pick<TaskHandle, 'scope' | 'signal'>,
  onProgress?: TaskHandle['progress'],
): Promise<ConvertResult> {
  signal.throwIfAborted()
  const { ref } = await convert({ path }, { scope, asyncTimeout: 0 })
  const stopTelling = rain.on('progress', (event) => event.ref === ref && onProgress?.(event.progress))
  const onAbort = () => cancelWith(rain.scope(scope), ref, signal)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    // Joins it, to get the function's own error.
    return await convert.value({ path }, { scope })
  } finally {
    stopTelling()
    signal.removeEventListener('abort', onAbort)
  }
}

/** When this process closes, the document's task is left to others, as is the one that it is a part of. */
function cancelWith(tasks: Pick<Raincheck, 'cancel'>, ref: Ref<unknown>, { reason }: AbortSignal): void {
  if (Object(reason).code !== 'INTERRUPTED') tasks.cancel(ref).catch(() => {})
}
