import type { ConvertInput } from '../../../convert/index.js'
import type { Progress, Raincheck, Ref } from '../../../index.js'
import type { DocumentFailure } from '../../documents/document-failure.js'
import type { Bundled } from '../../documents/open-bundled.js'
import type { Converted } from '../../documents/written-markdown.js'
import { describe } from '../report-failure.js'

/** What came of one document. */
export type FileOutcome =
  | { source: string; status: 'complete'; ref: string; converted: Converted }
  | ({ source: string } & DocumentFailure)

export interface Conversion {
  /** The outcomes as they come, one for each document. */
  outcomes: Promise<FileOutcome>[]
  /** Frees everything. */
  finish(): Promise<void>
  /** Cancels what is not done. */
  abort(): Promise<void>
}

/** Converts documents in child processes of this one, as many at once as there are processors. */
export function startConversion(
  { rain, convert, warm }: Bundled,
  inputs: readonly ConvertInput[],
  onProgress: (title: string, progress: Progress) => void,
): Conversion {
  if (inputs.length > 0) warm()
  rain.on('progress', ({ title, progress }) => onProgress(title, progress))
  const begun = begunTasks(rain)
  const convertOne = async (input: ConvertInput): Promise<FileOutcome> => {
    const source = input.path
    try {
      const answer = await convert(input)
      if (answer.status !== 'complete') throw new Error(`${source}: the conversion was interrupted`)
      const { ref, value: result, settledAt } = answer
      return { source, status: 'complete', ref, converted: { result, settledAt } }
    } catch (error) {
      return { source, status: 'failed', error: describe(error) }
    }
  }
  return {
    outcomes: inputs.map(convertOne),
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
