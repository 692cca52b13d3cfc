import { parseDuration } from '../../../core/words/duration.js'

/** Clients give up after a minute, some after 30 s; see `asyncTimeout`. */
const ASYNC_TIMEOUT_MS = 20_000

/** How long a call of a tool waits, in milliseconds: as RAINCHECK_ASYNC_TIMEOUT says, or 20 s. */
export function toolWindow(): number {
  const { RAINCHECK_ASYNC_TIMEOUT: given } = process.env
  if (!given) return ASYNC_TIMEOUT_MS
  return parseDuration('RAINCHECK_ASYNC_TIMEOUT', /^\d+$/.test(given) ? Number(given) : given)
}
