import { formatAnswer } from '../core/refs/format-answer.js'
import { given } from '../core/words/given.js'
import type { Answer, Progress } from '../index.js'
import { retainedUntil, timeText } from './answer-fields.js'
import type { ToolResult } from './host.js'

export type WireStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'

/** What the Tasks extension tells of every task, whatever its status. */
export interface WireTask {
  taskId: string
  status: WireStatus
  statusMessage?: string
  /** ISO 8601. */
  createdAt: string
  lastUpdatedAt: string
  /** Milliseconds from the creation; null for ever. */
  ttlMs: number | null
  pollIntervalMs?: number
}

/** @param retention How long a ref can be redeemed once its task has settled, in milliseconds. */
export function wireTask(answer: Answer<unknown>, status: WireStatus, retention: number): WireTask {
  const { ref, createdAt, startedAt = createdAt } = answer
  const { settledAt, pollAfterMs, error, requests, progress } = formatAnswer(answer, 'standard')
  const asked = requests && `waits for an answer to ${Object.keys(requests).join(', ')}`
  const ttlMs = Math.max(1, Math.ceil(retainedUntil(answer, retention) - createdAt))
  return {
    taskId: ref,
    status,
    ...given({ statusMessage: error?.message ?? asked ?? progressText(progress) }),
    createdAt: timeText(createdAt),
    lastUpdatedAt: timeText(settledAt ?? startedAt),
    ttlMs: Number.isSafeInteger(ttlMs) ? ttlMs : null,
    ...(pollAfterMs === undefined ? {} : { pollIntervalMs: Math.max(1, Math.ceil(pollAfterMs)) }),
  }
}

/** The status of a task that has not settled. */
export function liveStatus(answer: Answer<unknown>): 'working' | 'input_required' {
  return 'requests' in answer && answer.requests ? 'input_required' : 'working'
}

/** Under this key a result carries the handle that a client gets in its place, where tasks are attached. */
const HANDLE = 'raincheck/task'

/** The result of a call that was handed off, for a client that takes handles. */
export function withHandle(result: ToolResult, answer: Answer<unknown>, retention: number): ToolResult {
  return { ...result, _meta: { [HANDLE]: wireTask(answer, liveStatus(answer), retention) } }
}

/** Takes the handle out of a result; undefined when it has none. */
export function takeHandle(result: unknown): { handle: WireTask; meta: object } | undefined {
  const { [HANDLE]: handle, ...meta } = Object(Object(result)._meta)
  return handle === undefined ? undefined : { handle, meta }
}

function progressText({ percentage, message, step }: Progress = {}): string | undefined {
  const share = percentage === undefined ? [] : [`${Math.floor(percentage)} %`]
  return [...share, ...[message ?? step ?? []].flat()].join(': ') || undefined
}
