import { InvalidArgumentError } from 'commander'
import { statuses } from '../../core/words/answer.js'
import { readDuration } from '../../core/words/duration.js'
import { expectedMemory, expectedTimeout, parseMemory, parseTimeout } from '../documents/limit-values.js'

/** A time, in milliseconds. */
export const duration = reader("a number with a unit, such as '500ms', '2s', '5m' or '1h'", readDuration)

/** The longest that a conversion may take, in milliseconds. */
export const timeout = reader(expectedTimeout, parseTimeout)

/** The most memory that a conversion may take, in MB. */
export const memory = reader(expectedMemory, parseMemory)

/** A size, in bytes. */
export const size = reader("a number of bytes, or one with a unit, such as '600MB' or '1GB'", (text) => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(kB|MB|GB)?$/i.exec(text) ?? []
  const bytes = Math.round(Number(number) * 1_024 ** units.indexOf(unit.toLowerCase()))
  return bytes >= 1 ? bytes : undefined
})

export const positiveNumber = reader('a whole number of 1 or more', (text) =>
  /^[1-9]\d*$/.test(text) ? Number(text) : undefined,
)

export const port = reader('the number of a port, from 0 to 65535', (text) =>
  /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined,
)

export const statusName = reader(`one of ${statuses.join(', ')}`, (text) =>
  statuses.find((status) => status === text),
)

/** For an option that may be repeated. */
export function collect(text: string, before: string[] = []): string[] {
  return [...before, text]
}

/** Each is 1,024 of the one before. */
const units = ['', 'kb', 'mb', 'gb']

/** Reads what stands on the command line. */
function reader<T>(expected: string, parse: (text: string) => T | undefined): (text: string) => T {
  return (text) => {
    const value = parse(text)
    if (value !== undefined) return value
    throw new InvalidArgumentError(`Give ${expected}.`)
  }
}
