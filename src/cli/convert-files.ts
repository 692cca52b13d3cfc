import type { Duration } from '../index.js'
import { openConverter } from './convert-function.js'
import { describe } from './report-failure.js'

/** What came of one document. */
export type FileOutcome =
  | { source: string; status: 'complete'; ref: string; markdown: string }
  | { source: string; status: 'pending' | 'processing'; ref: string }
  | { source: string; status: 'failed'; error: { message: string; code?: string } }

export interface Conversion {
  /** The outcomes as they come, one for each source. */
  outcomes: Promise<FileOutcome>[]
  /** Waits for what was handed off, then frees everything. */
  finish(): Promise<void>
  /** Ends at once; what is not done is lost. */
  abort(): Promise<void>
}

/** What a progress line shows. */
export type OnProgress = (
  title: string,
  progress: Parameters<typeof import('./describe-answer.js').describeProgress>[0],
) => void

/** Converts documents in this process and its children, as many at once as there are processors. */
export function startConversion(
  sources: string[],
  options: { version: string; asyncTimeout?: Duration; onProgress?: OnProgress },
): Conversion {
  const { rain, convert } = openConverter(options.version)
  const { onProgress } = options
  if (onProgress) rain.on('progress', ({ title, progress }) => onProgress(title, progress))
  const asyncTimeout = options.asyncTimeout ?? Number.POSITIVE_INFINITY
  const convertOne = async (source: string): Promise<FileOutcome> => {
    try {
      const answer = await convert({ path: source }, { asyncTimeout })
      const { ref, status } = answer
      return status === 'complete'
        ? { source, status, ref, markdown: answer.value.markdown }
        : { source, status, ref }
    } catch (error) {
      return { source, status: 'failed', error: describe(error) }
    }
  }
  return {
    outcomes: sources.map(convertOne),
    finish: () => rain.close({ drain: Number.POSITIVE_INFINITY }),
    abort: () => rain.close({ drain: 0 }),
  }
}
