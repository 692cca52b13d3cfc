import { formatAnswer, type ResponseFormat } from '../core/refs/format-answer.js'
import { toJson } from '../core/values/to-json.js'
import { END_OF_TIME } from '../core/words/duration.js'
import { given } from '../core/words/given.js'
import type { Answer, Progress } from '../index.js'
import type { ToolResult, WrappedFunction } from './host.js'
import { nextStepFor } from './next-steps.js'
import { fieldsResult } from './results.js'

export interface Telling {
  /** @default `standard` */
  format?: ResponseFormat
  /** How long a ref can be redeemed once its task has settled, in milliseconds. */
  retention: number
  /** For the JSON Schema of the value, in full. */
  output?: WrappedFunction['options']['output']
}

/** What is told of an answer, without its value, and what to do next. */
export function answerResult(
  answer: Answer<unknown>,
  telling: Telling,
  nextStep = nextStepFor(answer),
): ToolResult {
  return fieldsResult({ ...answerFields(answer, telling), nextStep })
}

/** What is told of an answer, without its value. */
export function answerFields(answer: Answer<unknown>, telling: Telling): Record<string, unknown> {
  const { format = 'standard', retention, output } = telling
  const wrapped = { output: output as never }
  const { value: _, interrupted: __, progress, ...told } = formatAnswer(answer, format, wrapped)
  const { name, title, metadata, createdAt, startedAt, settledAt, valueSchema, ...fields } = told
  const details = {
    name,
    title,
    ...timeTexts({ createdAt, startedAt, settledAt }),
    ...given({ valueSchema }),
  }
  const expiresAt = retainedUntil(answer, retention)
  return {
    ...fields,
    ...given({ taskMetadata: metadata }),
    ...(progress ? { progress: progressFields(progress) } : {}),
    ...(format !== 'minimal' && expiresAt <= END_OF_TIME ? { expiresAt: timeText(expiresAt) } : {}),
    ...(format === 'full' ? { taskDetails: details } : {}),
  }
}

/** Until when a ref can be redeemed. The retention of a live task has not begun: it cannot end before that of one that settles now. */
export function retainedUntil(answer: Answer<unknown>, retention: number): number {
  return ('settledAt' in answer ? answer.settledAt : Date.now()) + retention
}

/** A moment as agents read it. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString()
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
    ...(details === undefined ? {} : { details: JSON.parse(toJson(details)) as unknown }),
  }
}

function timeTexts(times: Record<string, number | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, timeText(ms)]])),
  )
}
