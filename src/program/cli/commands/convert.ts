import { basename } from 'node:path'
import { collectDocuments, type FoundDocument, type Skipped } from '../../documents/collect-documents.js'
import { openBundled } from '../../documents/open-bundled.js'
import { refuseOverwriting } from '../../documents/output-file.js'
import {
  collisions,
  type FileJob,
  outputFolder,
  outputPaths,
  type Placed,
} from '../../documents/output-paths.js'
import { conversionLimits } from '../convert/conversion-options.js'
import { convertHere } from '../convert/convert-here.js'
import { convertInBackground } from '../convert/convert-in-background.js'
import type { ConvertCommandOptions, ConvertPlan } from '../convert/convert-plan.js'
import type { FileReport } from '../convert/convert-report.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { describe } from '../report-failure.js'
import { findStore } from '../store.js'

/** `raincheck convert <path…>`. Each document succeeds or fails alone. */
export async function convert(
  paths: string[],
  options: ConvertCommandOptions,
  version: string,
): Promise<ExitCode> {
  const inBackground = options.background || options.asyncTimeout !== undefined
  if (inBackground && refuseLimits(options)) return exitCodes.usage
  const { documents, skipped, isBatch } = await collectDocuments(paths)
  if (isBatch) tellSkipped(skipped)
  if (documents.length === 0) throw new Error(`${paths.join(', ')}: there is no document to convert`)
  const jobs = outputPaths(documents.map((document) => place(document, options)))
  if (!options.stdout && refuseCollisions(jobs)) return exitCodes.usage
  const refusals = await Promise.all(jobs.map((job) => refuse(job, options)))
  const store = await findStore()
  const plan: ConvertPlan = {
    title: documents.length === 1 ? basename(jobs[0]?.source ?? '') : titleOf(paths, documents.length),
    jobs: jobs.filter((_, at) => !refusals[at]),
    refused: refusals.filter((refusal) => refusal !== undefined),
    isBatch: isBatch || documents.length > 1,
    bundled: openBundled(version, { store: store.option, limits: conversionLimits(options) }),
    store,
  }
  return inBackground ? convertInBackground(plan, options) : convertHere(plan, options)
}

/** One worker runs the tasks of many commands. */
function refuseLimits({ timeout, maxMemory }: ConvertCommandOptions): boolean {
  const given = [
    ...(timeout === undefined ? [] : [['--timeout', 'RAINCHECK_CONVERT_TIMEOUT']]),
    ...(maxMemory === undefined ? [] : [['--max-memory', 'RAINCHECK_CONVERT_MEMORY']]),
  ]
  for (const [flag, variable] of given)
    process.stderr.write(
      `raincheck: ${flag} is for documents converted in the foreground; in the background set ${variable}, which the worker reads when it starts\n`,
    )
  return given.length > 0
}

function place(document: FoundDocument, { output }: ConvertCommandOptions): Placed {
  return { source: document.source, folder: outputFolder(document, output) }
}

function titleOf(paths: readonly string[], count: number): string {
  return `${paths.length === 1 ? `${paths[0]}: ` : ''}${count} documents`
}

function tellSkipped({ hidden, unsupported, markdown }: Skipped): void {
  const parts = [
    ...(hidden > 0 ? [`${hidden} hidden`] : []),
    ...(unsupported > 0 ? [`${unsupported} of a format that is not supported`] : []),
    ...(markdown > 0 ? [`${markdown} in Markdown already`] : []),
  ]
  const listed = new Intl.ListFormat('en').format(parts)
  if (parts.length > 0) process.stderr.write(`raincheck: skipped ${listed}\n`)
}

/** Told before anything starts, since the second would be refused after its work. */
function refuseCollisions(jobs: readonly FileJob[]): boolean {
  const found = collisions(jobs)
  for (const [output, sources] of found)
    process.stderr.write(
      `raincheck: ${sources.join(' and ')} would ${sources.length === 2 ? 'both' : 'all'} be written to ${output}; convert them one by one into different folders with -o <dir>\n`,
    )
  return found.length > 0
}

async function refuse(
  { source, output }: FileJob,
  { stdout, force }: ConvertCommandOptions,
): Promise<FileReport | undefined> {
  if (stdout) return undefined
  try {
    await refuseOverwriting(source, output, force)
    return undefined
  } catch (error) {
    return { source, status: 'failed', error: describe(error) }
  }
}
