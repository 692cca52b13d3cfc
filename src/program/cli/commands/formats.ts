import { formats } from '../../../convert/index.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'

/** `raincheck formats`: a line a format. */
export function listFormats({ json }: { json?: boolean }): ExitCode {
  const width = Math.max(...formats.map(({ name }) => name.length))
  const lines = formats.map(({ name, extensions }) => `${name.padEnd(width)}  ${extensions.join(' ')}\n`)
  process.stdout.write(json ? `${JSON.stringify(formats)}\n` : lines.join(''))
  return exitCodes.success
}
