import { InvalidArgumentError } from 'commander'

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time on the command line, in milliseconds. */
export function duration(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  const factor = units[unit]
  if (number !== undefined && factor !== undefined) return Number(number) * factor
  throw new InvalidArgumentError("Give a number with a unit, such as '500ms', '2s', '5m' or '1h'.")
}

export function positiveNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number of 1 or more.')
}

const statuses = ['pending', 'processing', 'complete', 'failed', 'cancelled']

export function statusName(text: string): string {
  if (statuses.includes(text)) return text
  throw new InvalidArgumentError(`Give one of ${statuses.join(', ')}.`)
}
