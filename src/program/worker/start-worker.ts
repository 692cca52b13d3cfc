import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { convertLimits } from '../documents/convert-limits.js'
import { endOlderWorker } from './end-older-worker.js'
import { tryLock } from './lock.js'
import { workerFiles } from './worker-files.js'

/**
 * Sees to it that a worker runs what was left in a store. To be called after the task is written: a worker that is about to
 * go looks once more when it has freed the lock. One of an older version is ended first.
 * @throws Error when there is no program, no process or no file to be had for it.
 */
export async function startWorker(store: string): Promise<void> {
  // It inherits them, and would end at once over a wrong one where nobody reads its log.
  convertLimits()
  const { lock, log } = workerFiles(store)
  const held = (await tryLock(lock)) ?? (await endOlderWorker(store))
  if (!held) return
  await held.release()
  const output = await open(log, 'a', 0o600)
  try {
    const worker = spawn(process.execPath, [fileURLToPath(new URL('./main.js', import.meta.url)), store], {
      // Out of the terminal's group of processes, so that closing the terminal does not end it.
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      cwd: dirname(store),
    })
    worker.unref()
    // A missing program, or too many processes or files (ENOENT, EAGAIN, EMFILE), is told by an event that would end this process.
    await once(worker, 'spawn')
  } finally {
    await output.close()
  }
}
