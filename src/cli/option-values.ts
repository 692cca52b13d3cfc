import { InvalidArgumentError } from 'commander'

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time on the command line, in milliseconds. */
export function duration(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  const factor = units[unit]
  if (number !== undefined && factor !== undefined) return Number(number) * factor
  throw new InvalidArgumentError("Give a number with a unit, such as '500ms', '2s', '5m' or '1h'.")
}

const sizes: Record<string, number> = { '': 1, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 }

/** A size on the command line, in bytes. */
export function size(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(kB|MB|GB)?$/i.exec(text) ?? []
  const [, factor] = Object.entries(sizes).find(([name]) => name.toLowerCase() === unit.toLowerCase()) ?? []
  const bytes = Math.round(Number(number) * (factor ?? 1))
  if (bytes >= 1) return bytes
  throw new InvalidArgumentError("Give a number of bytes, or one with a unit, such as '600MB' or '1GB'.")
}

export function positiveNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number of 1 or more.')
}

export function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError('Give a number from 0 to 65535.')
}

/** For an option that may be given more than once. */
export function collected(text: string, before: string[] = []): string[] {
  return [...before, text]
}

const statuses = ['pending', 'processing', 'complete', 'failed', 'cancelled']

export function statusName(text: string): string {
  if (statuses.includes(text)) return text
  throw new InvalidArgumentError(`Give one of ${statuses.join(', ')}.`)
}
