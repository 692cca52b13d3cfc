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
