// Apart from what uses them, so that the command line can read its options without loading the library.

/** What a limit must be, for messages. */
export const expectedTimeout = "a time of more than 0 and less than 25 days, such as '90s', '10m' or '2h'"

/** Node fires a timer at once when its delay exceeds this (a signed 32-bit number of milliseconds). */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function parseTimeout(text: string): number | undefined {
  const ms = parseTime(text)
  return ms !== undefined && ms > 0 && ms <= LONGEST_TIMER_MS ? ms : undefined
}

/** In MB: Node with the largest engine takes 110. */
const LEAST_MEMORY = 128

export const expectedMemory = `a whole number of MB, ${LEAST_MEMORY} or more`

export function parseMemory(text: string): number | undefined {
  return /^\d{1,7}$/.test(text) && Number(text) >= LEAST_MEMORY ? Number(text) : undefined
}

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A number with a unit, in milliseconds. */
export function parseTime(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  const factor = units[unit]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}
