/**
 * Why a document was not converted, for code to tell apart.
 * - `FILE_NOT_FOUND`: there is nothing at that path.
 * - `NOT_A_FILE`: a folder, a pipe or a device.
 * - `FILE_UNREADABLE`: the system does not let it be read.
 * - `FILE_EMPTY`: it has no bytes.
 * - `FILE_CORRUPT`: it is damaged or cut off, or is something else than its name says.
 * - `FILE_ENCRYPTED`: it needs a password, or a key.
 * - `FILE_TOO_LARGE`: it is over one of the limits, which the message names, or more than its engine can hold.
 * - `FORMAT_UNSUPPORTED`: none of `formats`.
 * - `ENGINE_MISSING`: an optional package is not installed. The message has the command that does.
 * - `INVALID_OPTION`: the message names the option, and what was expected.
 */
export type ConvertErrorCode =
  | 'FILE_NOT_FOUND'
  | 'NOT_A_FILE'
  | 'FILE_UNREADABLE'
  | 'FILE_EMPTY'
  | 'FILE_CORRUPT'
  | 'FILE_ENCRYPTED'
  | 'FILE_TOO_LARGE'
  | 'FORMAT_UNSUPPORTED'
  | 'ENGINE_MISSING'
  | 'INVALID_OPTION'

/** Its message is one line, fit to be shown as it is: the file, what is wrong with it, what to do. */
export class ConvertError extends Error {
  override readonly name = 'ConvertError'
  /** Stays where an error crosses a process and loses its class. */
  readonly code: ConvertErrorCode

  constructor(code: ConvertErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Engines report damage in words of their own ("Can't find end of central directory"); those become the cause. */
export function damaged(path: string, what: string, cause: unknown): ConvertError {
  return new ConvertError(
    'FILE_CORRUPT',
    `${path}: the ${what} is damaged and cannot be read; get an intact copy`,
    {
      cause,
    },
  )
}
