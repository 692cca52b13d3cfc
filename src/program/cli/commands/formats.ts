import { formats } from '../../../convert/index.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'

/** `raincheck formats`: a line a format. */
export function listFormats(options: { json?: boolean }): ExitCode {
  const width = Math.max(...formats.map(({ name }) => name.length))
  const lines = formats.map(({ name, extensions }) => `${name.padEnd(width)}  ${extensions.join(' ')}`)
  print(formats, lines.join('\n'), options)
  return exitCodes.success
}
