import { resolve } from 'node:path'
import type { Duration } from '../../index.js'
import { type Conversion, type FileOutcome, startConversion } from '../convert-files.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { collisions, outputPath, refuseOverwriting, writeOutput } from '../output-file.js'
import { ProgressLine } from '../progress-line.js'
import { describe } from '../report-failure.js'
import { onSignals } from '../signals.js'

export interface ConvertOptions {
  output?: string
  stdout?: boolean
  force?: boolean
  asyncTimeout?: Duration
  json?: boolean
}

/** What is told of one document: its outcome, and where the Markdown went. */
type FileReport = FileOutcome & { output?: string }

/** `raincheck convert <file…>`. Each document succeeds or fails alone. */
export async function convert(files: string[], options: ConvertOptions, version: string): Promise<ExitCode> {
  const sources = [...new Set(files.map((file) => resolve(file)))]
  if (!options.stdout && refuseCollisions(sources, options.output)) return exitCodes.usage
  const refusals = new Map<string, FileOutcome>()
  for (const source of sources) {
    const refusal = await refuse(source, options)
    if (refusal) refusals.set(source, refusal)
  }
  const line = new ProgressLine()
  const wanted = sources.filter((source) => !refusals.has(source))
  const conversion = await start(wanted, options, version, line)
  const signals = onSignals(() => void conversion.abort())
  const reports = sources.map(async (source) => {
    const outcome = refusals.get(source) ?? (await conversion.outcomes[wanted.indexOf(source)])
    return deliver(outcome as FileOutcome, options)
  })
  const told = await tellAll(reports, options, line, signals.received)
  await conversion.finish()
  signals.stop()
  return signals.received() ?? exitCodeOf(told)
}

/** Told before anything starts, since the second would be refused after its work. */
function refuseCollisions(sources: string[], folder: string | undefined): boolean {
  const found = collisions(sources, folder)
  for (const [output, claimants] of found)
    process.stderr.write(
      `raincheck: ${claimants.join(' and ')} would both be written to ${output}; convert them one by one into different folders with -o <dir>\n`,
    )
  return found.length > 0
}

async function refuse(
  source: string,
  { output, stdout, force }: ConvertOptions,
): Promise<FileOutcome | undefined> {
  if (stdout) return undefined
  try {
    await refuseOverwriting(source, outputPath(source, output), force)
    return undefined
  } catch (error) {
    return { source, status: 'failed', error: describe(error) }
  }
}

async function start(
  sources: string[],
  { asyncTimeout }: ConvertOptions,
  version: string,
  line: ProgressLine,
): Promise<Conversion> {
  if (sources.length === 0) return { outcomes: [], finish: async () => {}, abort: async () => {} }
  if (asyncTimeout === undefined) return startConversion(sources, { version, onProgress: line.show })
  const { startDetached } = await import('../detached.js')
  return startDetached({ sources, asyncTimeout, version })
}

/** Writes the file of a document that is done. */
async function deliver(outcome: FileOutcome, options: ConvertOptions): Promise<FileReport> {
  if (outcome.status !== 'complete' || options.stdout) return outcome
  const output = outputPath(outcome.source, options.output)
  try {
    await writeOutput(output, outcome.markdown, options.force)
    return { ...outcome, output }
  } catch (error) {
    return { source: outcome.source, status: 'failed', error: describe(error) }
  }
}

/** In the order of the command line, each as soon as those before it are told. */
async function tellAll(
  reports: Promise<FileReport>[],
  options: ConvertOptions,
  line: ProgressLine,
  interrupted: () => unknown,
): Promise<FileReport[]> {
  const told: FileReport[] = []
  for (const coming of reports) {
    const report = await coming
    line.clear()
    told.push(report)
    if (interrupted() === undefined) tell(report, options)
  }
  if (options.json) process.stdout.write(`${JSON.stringify(told.map((report) => asJson(report, options)))}\n`)
  if (interrupted() !== undefined)
    process.stderr.write('raincheck: interrupted; what was not done is not converted\n')
  return told
}

/** The path, the ref or the Markdown on stdout; all else on stderr. */
function tell(report: FileReport, { json, stdout }: ConvertOptions): void {
  if (report.status === 'failed') process.stderr.write(`raincheck: ${report.error.message}\n`)
  else if (report.status === 'complete') {
    if (!json) process.stdout.write(stdout ? report.markdown : `${report.output}\n`)
  } else {
    const { ref, source } = report
    if (!json) process.stdout.write(`${ref}\n`)
    process.stderr.write(
      `${source} takes longer; the work goes on. Redeem it with: raincheck wait ${ref} && raincheck result ${ref}\n`,
    )
  }
}

function asJson(report: FileReport, { stdout }: ConvertOptions): object {
  if (report.status !== 'complete' || stdout) return report
  const { markdown: _, ...rest } = report
  return rest
}

function exitCodeOf(reports: FileReport[]): ExitCode {
  const failed = reports.filter(({ status }) => status === 'failed').length
  if (failed > 0) return failed === reports.length ? exitCodes.failure : exitCodes.partial
  return reports.every(({ status }) => status === 'complete') ? exitCodes.success : exitCodes.notDone
}
