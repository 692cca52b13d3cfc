/** Why a document was not converted, for code to tell apart. */
export type ConvertErrorCode =
  /** There is nothing at that path. */
  | 'FILE_NOT_FOUND'
  /** A folder, a pipe or a device. */
  | 'NOT_A_FILE'
  /** The system does not let it be read. */
  | 'FILE_UNREADABLE'
  /** It has no bytes. */
  | 'FILE_EMPTY'
  /** It is damaged or cut off, or is something else than its name says. */
  | 'FILE_CORRUPT'
  /** It needs a password, or a key. */
  | 'FILE_ENCRYPTED'
  /** It is over one of the limits, which the message names, or more than its engine can hold. */
  | 'FILE_TOO_LARGE'
  /** None of `formats`. */
  | 'FORMAT_UNSUPPORTED'
  /** An optional package is not installed. The message has the command that does. */
  | 'ENGINE_MISSING'
  /** The message names the option, and what was expected. */
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
