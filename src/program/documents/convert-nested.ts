import type { ConvertInput } from '../../convert/index.js'
import { type Raincheck, RaincheckError, type Ref, type TaskHandle } from '../../index.js'
import type { ConvertFunction } from './convert-function.js'
import type { Converted } from './written-markdown.js'

/** Converts a document as a part of another task: its progress is told there, and a cancel of that cancels it. */
export async function convertNested(
  rain: Raincheck,
  convert: ConvertFunction,
  input: ConvertInput,
  { scope, signal }: Pick<TaskHandle, 'scope' | 'signal'>,
  onProgress?: TaskHandle['progress'],
): Promise<Converted & { ref: Ref }> {
  signal.throwIfAborted()
  const { ref } = await convert(input, { scope, asyncTimeout: 0 })
  const stopTelling = rain.on('progress', (event) => event.ref === ref && onProgress?.(event.progress))
  const onAbort = () => cancelWith(rain.scope(scope), ref, signal)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    // Joins it, to get the function's own error.
    const answer = await convert(input, { scope, asyncTimeout: Number.POSITIVE_INFINITY })
    if (answer.status === 'complete')
      return { result: answer.value, settledAt: answer.settledAt, ref: answer.ref }
    throw new RaincheckError('CLOSED', `${input.path} is converted by another process; poll ${ref} there`)
  } finally {
    stopTelling()
    signal.removeEventListener('abort', onAbort)
  }
}

/** When this process closes, the document's task is left to others, as is the one that it is a part of. */
function cancelWith(tasks: Pick<Raincheck, 'cancel'>, ref: Ref<unknown>, { reason }: AbortSignal): void {
  if (Object(reason).code !== 'INTERRUPTED') tasks.cancel(ref).catch(() => {})
}
