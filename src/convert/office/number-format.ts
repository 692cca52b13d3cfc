/** Writes a number as a reader means it: a date by ISO 8601, a share in per cent, anything else in full. */
export function formatNumber(value: number, format: string, isFrom1904 = false): string {
  const kind = kindOf(format)
  if (kind === 'percent') return `${(value * 100).toFixed(decimalsOf(format))}%`
  if (kind === 'number' || value < 0 || value > LAST_DAY) return String(Number(value.toPrecision(15)))
  return formatDate(isFrom1904 ? value + DAYS_TO_1904 : value, kind)
}

/** The formats that have a number instead of a text in the file, as far as they are more than a number. */
export const builtInFormats: Record<number, string> = {
  9: '0%',
  10: '0.00%',
  ...Object.fromEntries(
    [14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58].map((id) => [
      id,
      'yyyy-mm-dd',
    ]),
  ),
  ...Object.fromEntries([18, 19, 20, 21, 32, 33, 34, 35, 45, 47].map((id) => [id, 'hh:mm:ss'])),
  22: 'yyyy-mm-dd hh:mm',
  46: '[h]:mm:ss',
}

type Kind = 'number' | 'percent' | 'date' | 'time' | 'duration' | 'datetime'

const kinds = new Map<string, Kind>()

function kindOf(format: string): Kind {
  const known = kinds.get(format)
  if (known) return known
  const kind = readKind(format)
  kinds.set(format, kind)
  return kind
}

function readKind(format: string): Kind {
  const section = firstSection(format).toLowerCase()
  // What is quoted, escaped or in brackets is shown or a colour.
  if (/\[(?:h+|m+|s+)\]/.test(section)) return 'duration'
  const codes = section.replace(/"[^"]*"|\\.|\[[^\]]*\]|[_*]./g, '')
  if (/general/.test(codes)) return 'number'
  const hasTime = /[hs]/.test(codes)
  // "m" is a month unless hours or seconds are beside it.
  const hasDate = /[yd]/.test(codes) || (/m/.test(codes) && !hasTime)
  if (hasDate) return hasTime ? 'datetime' : 'date'
  if (hasTime) return 'time'
  return codes.includes('%') ? 'percent' : 'number'
}

function decimalsOf(format: string): number {
  return Math.min(/\.([0#?]+)/.exec(firstSection(format))?.[1]?.length ?? 0, 15)
}

/** The format of positive numbers; the others are for negative ones, for 0 and for text. */
function firstSection(format: string): string {
  return format.slice(0, format.search(/;|$/))
}

// 31 December 9999, where Excel's calendar ends.
const LAST_DAY = 2_958_466
const DAYS_TO_1904 = 1462
const DAY = 86_400_000
// Excel counts a 29 February 1900 that never was, so that later days are one further from its day 0.
const DAY_ZERO = Date.UTC(1899, 11, 30)
const PHANTOM_DAY = 60

function formatDate(value: number, kind: Exclude<Kind, 'number' | 'percent'>): string {
  const days = value < PHANTOM_DAY ? value + 1 : value
  const iso = new Date(DAY_ZERO + Math.round((days * DAY) / 1000) * 1000).toISOString()
  const [date = '', time = ''] = iso.slice(0, -5).split('T')
  if (kind === 'duration') return formatDuration(value)
  if (kind === 'time') return time
  if (kind === 'date' || (kind === 'datetime' && time === '00:00:00')) return date
  return `${date} ${time}`
}

function formatDuration(value: number): string {
  const seconds = Math.round(value * 86_400)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
