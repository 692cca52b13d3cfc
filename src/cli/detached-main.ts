// The process that does the work of `convert --async-timeout`, and goes on when the command has returned.
import { startConversion } from './convert-files.js'
import type { DetachedOrder, DetachedReport } from './detached-messages.js'

process.once('message', async ({ sources, ...options }: DetachedOrder) => {
  const conversion = startConversion(sources, options)
  process.once('SIGTERM', () => void conversion.abort().then(() => process.exit()))
  await Promise.all(
    conversion.outcomes.map(async (outcome, index) => tell({ index, outcome: await outcome })),
  )
  await conversion.finish()
})

/** The command may be gone; then nobody asks. */
function tell(report: DetachedReport): void {
  if (process.connected) process.send?.(report, () => {})
}
