import type { Bundled } from '../bundled/open-bundled.js'
import type { Progress, Raincheck, Ref } from '../index.js'
import { describe } from './report-failure.js'

/** What came of one document. */
export type FileOutcome =
  | { source: string; status: 'complete'; ref: string; markdown: string }
  | { source: string; status: 'failed'; error: { message: string; code?: string } }

export interface Conversion {
  /** The outcomes as they come, one for each source. */
  outcomes: Promise<FileOutcome>[]
  /** Frees everything. */
  finish(): Promise<void>
  /** Cancels what is not done. */
  abort(): Promise<void>
}

/** Converts documents in child processes of this one, as many at once as there are processors. */
export function startConversion(
  { rain, convert, warm }: Bundled,
  sources: readonly string[],
  onProgress: (title: string, progress: Progress) => void,
): Conversion {
  if (sources.length > 0) warm()
  rain.on('progress', ({ title, progress }) => onProgress(title, progress))
  const begun = begunTasks(rain)
  const convertOne = async (source: string): Promise<FileOutcome> => {
    try {
      const answer = await convert({ path: source })
      if (answer.status !== 'complete') throw new Error(`${source}: the conversion was interrupted`)
      return { source, status: 'complete', ref: answer.ref, markdown: answer.value.markdown }
    } catch (error) {
      return { source, status: 'failed', error: describe(error) }
    }
  }
  return {
    outcomes: sources.map(convertOne),
    finish: () => rain.close(),
    abort: () => cancelAll(rain, begun),
  }
}

/** The refs of the tasks that this process begins. */
export function begunTasks(rain: Raincheck): Set<Ref> {
  const begun = new Set<Ref>()
  rain.on('miss', ({ ref }) => begun.add(ref))
  for (const end of ['complete', 'fail', 'cancel'] as const) rain.on(end, ({ ref }) => begun.delete(ref))
  return begun
}

/** Ends what was begun for this command: a close alone would leave it to the worker. */
export async function cancelAll(rain: Raincheck, refs: ReadonlySet<Ref>): Promise<void> {
  await Promise.all([...refs].map((ref) => rain.cancel(ref).catch(() => {})))
  await rain.close({ drain: 0 })
}
