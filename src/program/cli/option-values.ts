import { InvalidArgumentError } from 'commander'
import { statuses } from '../../core/words/answer.js'
import { readDuration } from '../../core/words/duration.js'
import type { Status } from '../../index.js'
import { expectedMemory, expectedTimeout, parseMemory, parseTimeout } from '../documents/limit-values.js'

/** A time on the command line, in milliseconds. */
export function duration(text: string): number {
  const ms = readDuration(text)
  if (ms !== undefined) return ms
  throw new InvalidArgumentError("Give a number with a unit, such as '500ms', '2s', '5m' or '1h'.")
}

/** The longest that a conversion may take, in milliseconds. */
export function timeout(text: string): number {
  const ms = parseTimeout(text)
  if (ms !== undefined) return ms
  throw new InvalidArgumentError(`Give ${expectedTimeout}.`)
}

/** The most memory that a conversion may take, in MB. */
export function memory(text: string): number {
  const megabytes = parseMemory(text)
  if (megabytes !== undefined) return megabytes
  throw new InvalidArgumentError(`Give ${expectedMemory}.`)
}

/** Each is 1,024 of the one before. */
const units = ['', 'kb', 'mb', 'gb']

/** A size on the command line, in bytes. */
export function size(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(kB|MB|GB)?$/i.exec(text) ?? []
  const bytes = Math.round(Number(number) * 1_024 ** units.indexOf(unit.toLowerCase()))
  if (bytes >= 1) return bytes
  throw new InvalidArgumentError("Give a number of bytes, or one with a unit, such as '600MB' or '1GB'.")
}

export function positiveNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number of 1 or more.')
}

export function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new InvalidArgumentError('Give the number of a port, from 0 to 65535.')
}

/** For an option that may be repeated. */
export function collect(text: string, before: string[] = []): string[] {
  return [...before, text]
}

export function statusName(text: string): Status {
  const status = statuses.find((one) => one === text)
  if (status) return status
  throw new InvalidArgumentError(`Give one of ${statuses.join(', ')}.`)
}
