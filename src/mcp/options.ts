import { RaincheckError } from '../core/words/errors.js'

/** Refuses misspelt options, which would be ignored in silence, and those that are of a wrong type. */
export function checkOptions(where: string, options: object, types: Record<string, string>): void {
  for (const [name, value] of Object.entries(options)) {
    const type = types[name]
    if (type === undefined)
      throw wrong(`${where}: there is no option '${name}'; known are ${Object.keys(types).join(', ')}`)
    const came = value === null ? 'null' : typeof value
    if (type !== 'any' && value !== undefined && came !== type)
      throw wrong(`${where}: ${name} must be ${type === 'object' ? 'an' : 'a'} ${type}, got ${came}`)
  }
}

export function wrong(message: string): RaincheckError {
  return new RaincheckError('INVALID_OPTION', message)
}
