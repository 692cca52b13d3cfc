import type { Progress, ProgressReport } from '../words/answer.js'

/** What a function reported, with what follows from it. @param elapsedMs Since the task started. */
export function progressOf(report: ProgressReport, elapsedMs: number): Progress {
  const { current, total } = report
  const known = current !== undefined && total !== undefined && total > 0
  return {
    ...report,
    ...(known ? { percentage: Math.min(100, Math.round((100 * current) / total)) } : {}),
    ...(known && current > 0
      ? { etaMs: Math.max(0, Math.round((elapsedMs * (total - current)) / current)) }
      : {}),
  }
}
