import { realpath } from 'node:fs/promises'
import type { ConvertOptions, DocumentMetadata, Format } from '../../convert/index.js'
import { NonRetryableError, type Raincheck, type TaskBackend, type TaskHandle } from '../../index.js'
import { MOST_DOCUMENTS } from './batch-limit.js'
import type { ConvertFunction, Offer } from './convert-function.js'
import { convertNested } from './convert-nested.js'
import { type DocumentFailure, documentFailure } from './document-failure.js'
import { inLanes } from './lanes.js'

export interface BatchInput {
  /** What a list of tasks shows. */
  title: string
  /** Real paths of documents and folders. Of folders, links in them are not followed. */
  paths: string[]
  conversion: ConvertOptions
}

/** What became of one document. Its Markdown is redeemed by its own ref. */
type DocumentSummary =
  | ({
      path: string
      status: 'complete'
      ref: string
      format: Format
      /** Length of the Markdown, in characters. */
      characters: number
      /** The first 200 characters of the Markdown. */
      preview: string
    } & DocumentMetadata)
  | ({ path: string } & DocumentFailure)

export interface BatchResult {
  documents: DocumentSummary[]
  failed: number
  /** Files of the folders that were passed over: hidden ones, what is Markdown already, other formats. */
  skipped: number
}

/** Converts documents for a reader who cannot take them all at once. */
export function batchFunction(
  rain: Raincheck,
  convert: ConvertFunction,
  version: string,
  backend: TaskBackend,
  offer?: Offer<BatchInput, BatchResult>,
) {
  const options = {
    ...{ name: 'convert-batch', version, backend },
    asyncTimeout: Number.POSITIVE_INFINITY,
    title: ({ title }: BatchInput) => title,
  }
  return rain.cached({ ...options, ...offer } as typeof options)((input: BatchInput, task) =>
    convertDocuments(rain, convert, input, task),
  )
}

async function convertDocuments(
  rain: Raincheck,
  convert: ConvertFunction,
  { paths, conversion }: BatchInput,
  { scope, signal, progress }: TaskHandle,
): Promise<BatchResult> {
  const { sources, skipped } = await find(paths)
  const documents = await inLanes(sources, { signal, progress }, (path) =>
    summarize(path, () => convertNested(rain, convert, { path, ...conversion }, { scope, signal })),
  )
  return { documents, failed: documents.filter(({ status }) => status === 'failed').length, skipped }
}

async function find(paths: readonly string[]): Promise<{ sources: string[]; skipped: number }> {
  const { collectDocuments } = await import('./collect-documents.js')
  const { documents, skipped } = await collectDocuments(paths)
  const sources: string[] = []
  // The search lists no links; that none of these leads out of its folder does not hang on that alone.
  for (const { source } of documents)
    if ((await realpath(source).catch(() => undefined)) === source) sources.push(source)
  if (sources.length === 0) throw new NonRetryableError('there is no document to convert; name others')
  if (sources.length > MOST_DOCUMENTS)
    throw new NonRetryableError(
      `there are ${sources.length} documents, over the limit of ${MOST_DOCUMENTS} at once; name some of them, or a sub-folder`,
    )
  return { sources, skipped: skipped.hidden + skipped.unsupported + skipped.markdown }
}

async function summarize(
  path: string,
  convert: () => ReturnType<typeof convertNested>,
): Promise<DocumentSummary> {
  try {
    const { result, ref } = await convert()
    const { markdown, format, metadata } = result
    // By code points, so that no character is cut in two.
    const preview = /^.{0,200}/su.exec(markdown)?.[0] ?? ''
    return { path, status: 'complete', ref, format, ...metadata, characters: markdown.length, preview }
  } catch (error) {
    return { path, ...documentFailure(error) }
  }
}
