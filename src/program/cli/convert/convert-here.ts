import { writeOutput } from '../../documents/output-file.js'
import type { FileJob } from '../../documents/output-paths.js'
import { writtenMarkdown } from '../../documents/written-markdown.js'
import type { ExitCode } from '../exit-codes.js'
import { describe } from '../report-failure.js'
import { onSignals } from '../signals.js'
import { conversionOptions } from './conversion-options.js'
import type { ConvertCommandOptions, ConvertPlan } from './convert-plan.js'
import { exitCodeOfReports, type FileReport, tell, tellEnd } from './convert-report.js'
import { cancellable, tellUnkept } from './foreground.js'
import { ProgressBar } from './progress-bar.js'

/** Converts in this process and its children, as many at once as there are processors, and writes each file as soon as it is done. */
export async function convertHere(plan: ConvertPlan, options: ConvertCommandOptions): Promise<ExitCode> {
  const { jobs, refused, bundled, title } = plan
  const { rain } = bundled
  const abort = cancellable(rain)
  const signals = onSignals(abort)
  const bar = await ProgressBar.create()
  tellUnkept(rain, bar)
  // Of several documents the bar shows how many are done.
  const isMany = jobs.length > 1
  if (!isMany) rain.on('progress', ({ title, progress }) => bar.show(title, progress))
  let done = 0
  let hasFailed = false
  const reports = jobs.map(async (job) => {
    const report = await convertJob(job, bundled, options)
    if (isMany) bar.show(title, { current: ++done, total: jobs.length, message: job.source })
    if (report.status === 'failed' && options.failFast && !hasFailed) {
      hasFailed = true
      await abort()
    }
    return report
  })
  const told = await tellAll([...refused, ...reports], options, bar, signals.signal)
  await rain.close()
  signals.stop()
  return signals.received() ?? exitCodeOfReports(told)
}

async function convertJob(
  { source, output }: FileJob,
  { convert }: ConvertPlan['bundled'],
  options: ConvertCommandOptions,
): Promise<FileReport> {
  try {
    const answer = await convert({ path: source, ...conversionOptions(options) })
    if (answer.status !== 'complete') throw new Error(`${source}: the conversion was interrupted`)
    const { status, ref, value: result, settledAt } = answer
    const { markdown, hiddenCharacters } = result
    const done = { source, status, ref, hiddenCharacters }
    if (options.stdout) return { ...done, markdown }
    const text = await writtenMarkdown(source, { result, settledAt }, options.frontMatter)
    await writeOutput(output, text, options.force)
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
  interrupted: AbortSignal,
): Promise<FileReport[]> {
  const told: FileReport[] = []
  for (const coming of reports) {
    const report = await coming
    bar.clear()
    told.push(report)
    if (!interrupted.aborted) tell(report, options)
  }
  if (interrupted.aborted)
    process.stderr.write('raincheck: interrupted; what was not done is not converted\n')
  else tellEnd(told, options)
  return told
}
