import { writeOutput } from '../../documents/output-file.js'
import { writtenMarkdown } from '../../documents/written-markdown.js'
import type { ExitCode } from '../exit-codes.js'
import { describe } from '../report-failure.js'
import { onSignals } from '../signals.js'
import { conversionOptions } from './conversion-options.js'
import type { ConvertCommandOptions, ConvertPlan } from './convert-plan.js'
import { type ConvertJob, exitCodeOfReports, type FileReport, tell, tellEnd } from './convert-report.js'
import { type FileOutcome, startConversion } from './foreground.js'
import { ProgressBar } from './progress-bar.js'

/** Converts in this process and its children, and writes each file as soon as it is done. */
export async function convertHere(plan: ConvertPlan, options: ConvertCommandOptions): Promise<ExitCode> {
  const { jobs, refused, bundled, title } = plan
  const conversion = conversionOptions(options)
  const bar = new ProgressBar()
  const count = new Count(bar, title, jobs.length)
  const running = startConversion(
    bundled,
    jobs.map(({ source }) => ({ path: source, ...conversion })),
    (name, progress) => count.isMany || bar.show(name, progress),
  )
  let hasFailed = false
  const signals = onSignals(() => void running.abort())
  const reports = jobs.map(async (job, at) => {
    const report = await deliver(await (running.outcomes[at] as Promise<FileOutcome>), job, options)
    count.add(job.source)
    if (report.status === 'failed' && options.failFast && !hasFailed) {
      hasFailed = true
      await running.abort()
    }
    return report
  })
  const told = await tellAll([...refused, ...reports], options, bar, () => signals.received() !== undefined)
  await running.finish()
  signals.stop()
  return signals.received() ?? exitCodeOfReports(told)
}

/** Of several documents the bar shows how many are done. */
class Count {
  readonly isMany: boolean
  readonly #bar: ProgressBar
  readonly #title: string
  readonly #total: number
  #done = 0

  constructor(bar: ProgressBar, title: string, total: number) {
    this.#bar = bar
    this.#title = title
    this.#total = total
    this.isMany = total > 1
  }

  add(message: string): void {
    this.#done++
    if (this.isMany) this.#bar.show(this.#title, { current: this.#done, total: this.#total, message })
  }
}

async function deliver(
  outcome: FileOutcome,
  { output }: ConvertJob,
  options: ConvertCommandOptions,
): Promise<FileReport> {
  if (outcome.status !== 'complete') return outcome
  const { source, status, ref, converted } = outcome
  const { markdown, hiddenCharacters } = converted.result
  const done = { source, status, ref, hiddenCharacters }
  if (options.stdout) return { ...done, markdown }
  try {
    await writeOutput(output, await writtenMarkdown(source, converted, options.frontMatter), options.force)
    return { ...done, output }
  } catch (error) {
    return { source, status: 'failed', error: describe(error) }
  }
}

/** In the order of the command line, each as soon as those before it are told. */
async function tellAll(
  reports: readonly (FileReport | Promise<FileReport>)[],
  options: ConvertCommandOptions,
  bar: ProgressBar,
  isInterrupted: () => boolean,
): Promise<FileReport[]> {
  const told: FileReport[] = []
  for (const coming of reports) {
    const report = await coming
    bar.clear()
    told.push(report)
    if (!isInterrupted()) tell(report, options)
  }
  if (isInterrupted()) process.stderr.write('raincheck: interrupted; what was not done is not converted\n')
  else tellEnd(told, options)
  return told
}
