/** The longest text that one result carries, in characters (UTF-16 units): about 2,000 tokens. */
export const PAGE_LENGTH = 8_000

export interface Page {
  text: string
  /** Where the next page begins; undefined on the last. */
  nextOffset: number | undefined
  /** Length of the whole text. */
  total: number
}

/** A page of a text, which begins and ends between whole characters. */
export function pageOf(text: string, offset: number, limit: number): Page {
  const start = between(text, Math.min(offset, text.length))
  const wanted = between(text, Math.min(start + limit, text.length))
  // A page of one unit may be too short for the character that is there.
  const end = wanted > start ? wanted : Math.min(start + 2, text.length)
  const nextOffset = end < text.length ? end : undefined
  return { text: text.slice(start, end), nextOffset, total: text.length }
}

/** That place, or the one before when it is inside of a character. */
function between(text: string, at: number): number {
  const isInside = at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))
  return isInside ? at - 1 : at
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
