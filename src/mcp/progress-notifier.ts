import { given } from '../core/words/given.js'
import type { Progress } from '../index.js'
import type { ToolRequest } from './context.js'

/** The shortest time between two notifications of one call, in milliseconds: as often as records are written. */
const NOTIFY_EVERY_MS = 250

export interface ProgressNotifier {
  onProgress(progress: Progress): void
  /** Nothing is sent after the response. */
  stop(): void
}

/** Tells a client how far its call is. @param progressToken By which it has asked for that. */
export function notifierFor(progressToken: string | number, notify: ToolRequest['notify']): ProgressNotifier {
  let last = Number.NEGATIVE_INFINITY
  let lastAt = Number.NEGATIVE_INFINITY
  let stopped = false
  const onProgress = ({ current, total, message, step }: Progress) => {
    // The protocol wants each number above the one before; a function that counts nothing is counted by its reports.
    const progress = current ?? (total === undefined ? Math.max(0, last) + 1 : last)
    const now = Date.now()
    if (stopped || !Number.isFinite(progress) || progress <= last || now - lastAt < NOTIFY_EVERY_MS) return
    last = progress
    lastAt = now
    const told = given({ total: Number.isFinite(total) ? total : undefined, message: message ?? step })
    const params = { progressToken, progress, ...told }
    // Whether the client hears of it, or is still there, makes no difference to the work.
    notify({ method: 'notifications/progress', params })?.catch(() => {})
  }
  return {
    onProgress,
    stop: () => {
      stopped = true
    },
  }
}
