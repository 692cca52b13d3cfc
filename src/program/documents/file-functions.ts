import { basename } from 'node:path'
import { type ConvertOptions, identify } from '../../convert/index.js'
import type { Raincheck, TaskBackend, TaskHandle } from '../../index.js'
import type { ConvertFunction } from './convert-function.js'
import { convertNested } from './convert-nested.js'
import { type DocumentFailure, documentFailure } from './document-failure.js'
import { inLanes } from './lanes.js'
import { refuseOverwriting, writeOutput } from './output-file.js'
import type { FileJob } from './output-paths.js'
import { type Converted, writtenMarkdown } from './written-markdown.js'

/** How documents are converted and written. */
interface FileOptions {
  conversion: ConvertOptions
  frontMatter: boolean
  /** Whether files that exist are written over. */
  force: boolean
}

export interface FilesInput extends FileOptions {
  /** What a list of tasks shows. */
  title: string
  files: FileJob[]
  /** Whether the first document that fails ends all. */
  failFast: boolean
}

type FileResult = (FileJob & { status: 'complete'; hiddenCharacters: number }) | (FileJob & DocumentFailure)

type FileInput = FileJob & FileOptions

/** What `convert-files` comes to; each document succeeds or fails alone. */
export interface FilesResult {
  files: FileResult[]
  failed: number
}

/** What is left to the worker: documents whose Markdown is written to files. */
export function fileFunctions(
  rain: Raincheck,
  convert: ConvertFunction,
  version: string,
  backend: TaskBackend,
) {
  const options = { version, backend, asyncTimeout: Number.POSITIVE_INFINITY } as const
  const convertFile = rain.cached({
    ...options,
    name: 'convert-file',
    check: async ({ source, conversion }: FileInput) => void (await identify(source, conversion)),
    title: ({ source }: FileInput) => basename(source),
  })(async ({ source, output, conversion, frontMatter, force }: FileInput, task) => {
    const input = { path: source, ...conversion }
    const converted = await convertNested(rain, convert, input, task, task.progress)
    await writeOutput(output, await writtenMarkdown(source, converted, frontMatter), force)
    return converted.result
  })
  const convertFiles = rain.cached({
    ...options,
    name: 'convert-files',
    title: ({ title }: FilesInput) => title,
  })(async (input: FilesInput, task) =>
    convertAll(input, task, (path, signal) =>
      convertNested(rain, convert, { path, ...input.conversion }, { scope: task.scope, signal }),
    ),
  )
  return { convertFile, convertFiles }
}

async function convertAll(
  input: FilesInput,
  { signal, progress, log }: TaskHandle,
  convertOne: (path: string, signal: AbortSignal) => Promise<Converted>,
): Promise<FilesResult> {
  const { files, failFast } = input
  const enough = new AbortController()
  const both = AbortSignal.any([signal, enough.signal])
  const sources = files.map(({ source }) => source)
  const results = await inLanes(sources, { signal: both, progress }, async (path, at) => {
    const result = await convertTo(files[at] as FileJob, input, () => convertOne(path, both))
    if (result.status === 'failed' && !both.aborted) {
      log(result.error.message)
      if (failFast) enough.abort(new Error(result.error.message))
    }
    return result
  })
  return summary(results)
}

async function convertTo(
  job: FileJob,
  { frontMatter, force }: FileOptions,
  convert: () => Promise<Converted>,
): Promise<FileResult> {
  const { source, output } = job
  try {
    const converted = await convert()
    const text = await writtenMarkdown(source, converted, frontMatter)
    await refuseOverwriting(source, output, true)
    await writeOutput(output, text, force)
    return { ...job, status: 'complete', hiddenCharacters: converted.result.hiddenCharacters }
  } catch (error) {
    return { ...job, ...documentFailure(error) }
  }
}

/** @throws Error when none succeeded. */
function summary(files: FileResult[]): FilesResult {
  const failures = files.flatMap((file) => (file.status === 'failed' ? [file.error.message] : []))
  if (failures.length === files.length && failures.length > 0)
    throw new Error(
      `none of ${files.length} documents could be converted: ${failures.slice(0, 3).join('; ')}`,
    )
  return { files, failed: failures.length }
}
