import { RaincheckError } from '../light.js'

/** Refuses misspelt options, which would be ignored in silence, and those that are of a wrong type. */
export function checkOptions(where: string, options: object, types: Record<string, string>): void {
  for (const [name, value] of Object.entries(options)) {
    const type = types[name]
    if (type === undefined)
      throw wrong(`${where}: there is no option '${name}'; known are ${Object.keys(types).join(', ')}`)
    if (type !== 'any' && value !== undefined && typeof value !== type)
      throw wrong(`${where}: ${name} must be a ${type}, got ${value === null ? 'null' : typeof value}`)
  }
}

export function wrong(message: string): RaincheckError {
  return new RaincheckError('INVALID_OPTION', message)
}
