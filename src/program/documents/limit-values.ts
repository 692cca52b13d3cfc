// Apart from what uses them, so that the command line can read its options without loading the library.
import { LONGEST_TIMER_MS, readDuration } from '../../core/words/duration.js'

/** What a limit must be, for messages. */
export const expectedTimeout = "a time of more than 0 and less than 25 days, such as '90s', '10m' or '2h'"

export function parseTimeout(text: string): number | undefined {
  const ms = readDuration(text)
  return ms !== undefined && ms > 0 && ms <= LONGEST_TIMER_MS ? ms : undefined
}

/** In MB: Node with the largest engine takes 110. */
const LEAST_MEMORY = 128

export const expectedMemory = `a whole number of MB, ${LEAST_MEMORY} or more`

export function parseMemory(text: string): number | undefined {
  return /^\d{1,7}$/.test(text) && Number(text) >= LEAST_MEMORY ? Number(text) : undefined
}
