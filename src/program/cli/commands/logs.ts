import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isLive } from '../../../core/words/task-store.js'
import { logFile } from '../../worker/task-logs.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { watchStdout } from '../stdout.js'
import { seeToWorker, withStore } from '../store.js'

/** How often `--follow` looks for more, in milliseconds. */
const LOOK_EVERY_MS = 250

/** `raincheck logs <ref>`: what its function logged and printed, and what became of it. */
export async function logs(ref: string, { follow }: { follow?: boolean }): Promise<ExitCode> {
  return withStore(async (rain, store) => {
    for (let shown = 0, wait = 0; ; wait = LOOK_EVERY_MS) {
      // First the status, then the text: what was written before the end is shown.
      const answer = await rain.poll(ref, { wait })
      shown = await show(logFile(ref), shown)
      if (!follow || !isLive(answer)) return exitCodes.success
      await seeToWorker(rain, store)
    }
  })
}

/** @returns How much of the file has been shown. */
async function show(path: string, from: number): Promise<number> {
  const { size } = await stat(path).catch(() => ({ size: 0 }))
  if (size <= from) return from
  await pipeline(createReadStream(path, { start: from, end: size - 1 }), watchStdout(), { end: false })
  return size
}
