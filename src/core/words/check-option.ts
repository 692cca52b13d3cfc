import { RaincheckError } from './errors.js'

/** The error for an option or argument that is not what it must be. */
export function invalid(option: string, expected: string, got: unknown): RaincheckError {
  return new RaincheckError('INVALID_OPTION', `${option} must be ${expected}, got ${show(got)}`)
}

/** The error for one that is wrong in another way, which the message tells. */
export function wrongOption(message: string, options?: ErrorOptions): RaincheckError {
  return new RaincheckError('INVALID_OPTION', message, options)
}

/**
 * Refuses misspelt options, which would otherwise be ignored in silence.
 * @param where What takes them, for the message.
 */
export function refuseUnknown(options: object, names: readonly string[], where?: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid('options', 'an object', options)
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw wrongOption(
        `${where ? `${where}: ` : ''}there is no option '${name}'; known are ${names.join(', ')}`,
      )
}

/** The same, and refuses those of a wrong type. @param types By their names; `any` for one that is checked elsewhere. */
export function checkTypes(where: string, options: object, types: Record<string, string>): void {
  refuseUnknown(options, Object.keys(types), where)
  for (const [name, value] of Object.entries(options)) {
    const type = types[name] as string
    if (value !== undefined && type !== 'any' && (typeof value !== type || value === null))
      throw invalid(`${where}: ${name}`, `${type === 'object' ? 'an' : 'a'} ${type}`, value)
  }
}

export function wholeNumber(option: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value
  throw invalid(option, `a whole number of ${least} or more`, value)
}

export function finite(option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw invalid(option, 'a finite number', value)
}

export function yesOrNo(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw invalid(option, 'true or false', value)
}

export function text(option: string, value: unknown, expected: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw invalid(option, expected, value)
}

export function callback<F>(option: string, value: F | undefined): F | undefined {
  if (value === undefined || typeof value === 'function') return value
  throw invalid(option, 'a function', value)
}

export function abortSignal(option: string, value: AbortSignal | undefined): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw invalid(option, 'an AbortSignal', value)
}

/** Shows a wrong value in an error message: short, and with strings in quotes. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
