import { invalid } from './check-option.js'

/**
 * A span of time: milliseconds, or a number with a unit, such as `'250ms'`, `'5s'`, `'2m'`, `'1.5h'`, `'1d'`. Not below zero;
 * `Infinity` is for ever. Any other text, such as one of the environment, is checked when it is used.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}` | AnyText

/** Any text, beside those that an editor offers. */
export type AnyText = string & Record<never, never>

/** The last moment a JavaScript Date can name; stands for "never" where a time must be finite. */
export const END_OF_TIME = 8.64e15

/** Node fires a timer at once when its delay exceeds this (a signed 32-bit number of milliseconds). */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Reads a duration as milliseconds.
 * @throws RaincheckError `INVALID_OPTION`, naming the option, when it is no duration or below zero.
 */
export function parseDuration(option: string, value: unknown): number {
  const ms = typeof value === 'string' ? readDuration(value) : value
  if (typeof ms === 'number' && ms >= 0) return ms
  throw invalid(option, "milliseconds (0 or more) or a text such as '5s'", value)
}

/** A number with a unit, in milliseconds; undefined for any other text. */
export function readDuration(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim()) ?? []
  const factor = units[unit]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
