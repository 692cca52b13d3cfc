import { given } from '../../../core/words/given.js'
import type { Duration } from '../../../index.js'
import { sweepLogs } from '../../worker/task-logs.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'
import { withStore } from '../store.js'

/** `raincheck prune`: removes settled tasks that have expired, or settled longer ago than `--older-than`. */
export async function prune(options: { olderThan?: Duration; json?: boolean }): Promise<ExitCode> {
  const { olderThan } = options
  const removed = await withStore((rain) => rain.prune(given({ olderThan })))
  await sweepLogs()
  print({ removed }, `${removed} removed`, options)
  return exitCodes.success
}
