import type { ConvertResult } from '../../../convert/index.js'
import type { CallAnswer } from '../../../index.js'
import type { FilesResult } from '../../documents/file-functions.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { conversionOptions } from './conversion-options.js'
import type { ConvertCommandOptions, ConvertPlan } from './convert-plan.js'
import { exitCodeOfReports, type FileReport, tell, tellEnd } from './convert-report.js'
import { submit } from './submit.js'
import { waitSubmitted } from './wait-submitted.js'

/** Leaves the work to the worker, and waits for it no longer than `--async-timeout` says. */
export async function convertInBackground(
  plan: ConvertPlan,
  options: ConvertCommandOptions,
): Promise<ExitCode> {
  for (const refusal of plan.refused) tell(refusal, {})
  if (plan.jobs.length === 0) {
    tellEnd(plan.refused, options)
    await plan.bundled.rain.close()
    return exitCodes.failure
  }
  const answer = await submitPlan(plan, options)
  return waitSubmitted(answer, options, (value) => tellDone(value, answer, plan, options))
}

function submitPlan(plan: ConvertPlan, options: ConvertCommandOptions): Promise<CallAnswer<unknown>> {
  const { bundled, jobs, title, store, isBatch } = plan
  const { force = false, failFast = false, stdout, frontMatter } = options
  const conversion = conversionOptions(options)
  const how = { conversion, frontMatter, force }
  const now = { asyncTimeout: 0 }
  const [job] = jobs
  if (isBatch && stdout)
    throw new Error('in the background --stdout takes one document; leave it out, or name one')
  return submit<unknown>({ rain: bundled.rain, queued: false }, store, () => {
    if (isBatch || !job) return bundled.convertFiles({ title, files: jobs, failFast, ...how }, now)
    if (stdout) return bundled.convert({ path: job.source, ...conversion }, now)
    return bundled.convertFile({ ...job, ...how }, now)
  })
}

function tellDone(
  value: unknown,
  { ref }: CallAnswer<unknown>,
  { refused, jobs, isBatch }: ConvertPlan,
  options: ConvertCommandOptions,
): ExitCode {
  const done: FileReport[] = isBatch
    ? (value as FilesResult).files
    : jobs.map(({ source, output }) => {
        const { markdown, hiddenCharacters } = value as ConvertResult
        const what = options.stdout ? { markdown } : { output }
        return { source, status: 'complete', ref, hiddenCharacters, ...what }
      })
  for (const report of done) tell(report, options)
  const reports = [...refused, ...done]
  tellEnd(reports, options)
  return exitCodeOfReports(reports)
}
