import type { Answer } from '../index.js'
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
  const updatedAt = 'settledAt' in answer ? answer.settledAt : startedAt
  const statusMessage = messageOf(answer)
  return {
    taskId: ref,
    status,
    ...(statusMessage === undefined ? {} : { statusMessage }),
    createdAt: new Date(createdAt).toISOString(),
    lastUpdatedAt: new Date(updatedAt).toISOString(),
    ttlMs: ttlOf(answer, retention),
    ...('pollAfterMs' in answer ? { pollIntervalMs: Math.max(1, Math.ceil(answer.pollAfterMs)) } : {}),
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

/** The retention of a live task has not begun: it cannot end before that of one that settles now. */
function ttlOf(answer: Answer<unknown>, retention: number): number | null {
  const from = 'settledAt' in answer ? answer.settledAt : Date.now()
  const ttlMs = Math.max(1, Math.ceil(from - answer.createdAt + retention))
  return Number.isSafeInteger(ttlMs) ? ttlMs : null
}

function messageOf(answer: Answer<unknown>): string | undefined {
  if (answer.status === 'failed') return answer.error.message
  if ('requests' in answer && answer.requests)
    return `waits for an answer to ${Object.keys(answer.requests).join(', ')}`
  if (!('progress' in answer) || !answer.progress) return undefined
  const { percentage, message, step } = answer.progress
  const share = percentage === undefined ? [] : [`${Math.floor(percentage)} %`]
  return [...share, ...[message ?? step ?? []].flat()].join(': ') || undefined
}
