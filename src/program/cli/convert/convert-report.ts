import type { DocumentFailure } from '../../documents/document-failure.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { writeOut } from '../stdout.js'

/** What became of one document: its Markdown was written to a file, or is to be printed. */
export type FileReport =
  | {
      source: string
      status: 'complete'
      /** How many characters that hide text were taken out. */
      hiddenCharacters: number
      ref?: string
      output?: string
      markdown?: string
    }
  | ({ source: string } & DocumentFailure)

interface Shown {
  json?: boolean
  stdout?: boolean
}

/** The path or the Markdown on stdout; all else on stderr. */
export function tell(report: FileReport, { json, stdout }: Shown): void {
  if (report.status === 'failed') {
    process.stderr.write(`raincheck: ${report.error.message}\n`)
    return
  }
  if (!json) writeOut(stdout ? (report.markdown ?? '') : `${report.output}\n`)
  const { source, hiddenCharacters } = report
  if (hiddenCharacters > 0)
    process.stderr.write(
      `raincheck: ${source}: took out ${hiddenCharacters.toLocaleString('en')} hidden ${hiddenCharacters === 1 ? 'character' : 'characters'}; --keep-hidden leaves them in\n`,
    )
}

/** All of it with `--json`, or a summary where some failed of many. */
export function tellEnd(reports: readonly FileReport[], options: Shown): void {
  if (options.json) writeOut(`${JSON.stringify(reports)}\n`)
  const failed = reports.filter(({ status }) => status === 'failed')
  if (reports.length > 1 && failed.length > 0)
    process.stderr.write(
      `raincheck: ${failed.length} of ${reports.length} failed: ${failed.map(({ source }) => source).join(', ')}\n`,
    )
}

export function exitCodeOfReports(reports: readonly FileReport[]): ExitCode {
  const failed = reports.filter(({ status }) => status === 'failed').length
  if (failed === 0) return exitCodes.success
  return failed === reports.length ? exitCodes.failure : exitCodes.partial
}
