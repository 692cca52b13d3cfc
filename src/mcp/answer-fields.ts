import { formatAnswer } from '../core/refs/format-answer.js'
import { END_OF_TIME } from '../core/words/duration.js'
import type { Answer, Progress, ResponseFormat } from '../index.js'
import type { WrappedFunction } from './host.js'
import { jsonText } from './json-text.js'

export interface Telling {
  format: ResponseFormat
  /** How long a ref can be redeemed once its task has settled, in milliseconds. */
  retention: number
  /** For the JSON Schema of the value, in full. */
  output?: WrappedFunction['options']['output']
}

/** What is told of an answer, without its value. */
export function answerFields(answer: Answer<unknown>, telling: Telling): Record<string, unknown> {
  const { format, output } = telling
  const told = formatAnswer(answer, format, { output: output as never })
  const { status, ref, stale, error, requests, progress, pollAfterMs, retryable } = told
  return {
    ...{ status, ref },
    ...(stale ? { stale } : {}),
    ...(error ? { error } : {}),
    ...(requests ? { requests } : {}),
    ...(progress ? { progress: progressFields(progress) } : {}),
    ...(pollAfterMs === undefined ? {} : { pollAfterMs }),
    ...(retryable === undefined ? {} : { retryable }),
    ...(format === 'minimal' ? {} : expiry(answer, telling.retention)),
    ...(format === 'full' ? { taskDetails: details(told) } : {}),
  }
}

/** A function may tell anything; what the published schema does not have would make clients refuse the answer. */
function progressFields(progress: Progress): Record<string, unknown> {
  const { details } = progress
  const numbers = (['current', 'total', 'percentage', 'etaMs'] as const).filter((name) =>
    Number.isFinite(progress[name]),
  )
  const texts = (['message', 'step'] as const).filter((name) => typeof progress[name] === 'string')
  return {
    ...Object.fromEntries([...numbers, ...texts].map((name) => [name, progress[name]])),
    ...(details === undefined ? {} : { details: plainDetails(details) }),
  }
}

/** What cannot be written must not stand in the way of the rest. */
function plainDetails(details: unknown): unknown {
  try {
    return JSON.parse(jsonText(details))
  } catch {
    return null
  }
}

/** A moment as agents read it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString()
}

/** The retention of a live task has not begun: it cannot end before that of one that settles now. */
function expiry(answer: Answer<unknown>, retention: number): { expiresAt?: string } {
  const expiresAt = ('settledAt' in answer ? answer.settledAt : Date.now()) + retention
  return expiresAt <= END_OF_TIME ? { expiresAt: timeText(expiresAt) } : {}
}

function details({
  name,
  title,
  createdAt = 0,
  startedAt,
  settledAt,
  valueSchema,
}: ReturnType<typeof formatAnswer>) {
  return {
    ...{ name, title, createdAt: timeText(createdAt) },
    ...(startedAt === undefined ? {} : { startedAt: timeText(startedAt) }),
    ...(settledAt === undefined ? {} : { settledAt: timeText(settledAt) }),
    ...(valueSchema === undefined ? {} : { valueSchema }),
  }
}
