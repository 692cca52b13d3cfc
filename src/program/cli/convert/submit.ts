import type { Answer, CallAnswer, Raincheck } from '../../../index.js'
import type { CliFunctions } from '../functions.js'
import { print } from '../print.js'
import type { CliStore } from '../store.js'

/**
 * Writes a task that this process does not run, and sees to it that a worker does, where that is started on demand.
 * @param one The functions that it is one of.
 * @param call Makes the call that it is; its answer has the ref.
 */
export async function submit<T>(
  { rain, queued }: Pick<CliFunctions, 'rain' | 'queued'>,
  { file, redis }: CliStore,
  call: () => Promise<CallAnswer<T>>,
): Promise<CallAnswer<T>> {
  if (file === undefined && redis === undefined)
    throw new Error(
      "work in the background needs a store that other processes see; set `store: 'sqlite'` in the config file",
    )
  const answer = await write(rain, queued, call)
  if (file !== undefined) await startOrTell(file)
  return answer
}

async function write<T>(
  rain: Raincheck,
  queued: boolean,
  call: () => Promise<CallAnswer<T>>,
): Promise<CallAnswer<T>> {
  // A pause of a queue would be everybody's.
  if (!queued) rain.queue.pause()
  try {
    // A store that cannot be used says so at once, instead of after the wait for its return.
    await rain.list({ limit: 1 })
    return await call()
  } finally {
    // What waits is left to others by that.
    await rain.close({ drain: 0 })
  }
}

/** To be called once the task is written. Where no worker can be started it stays there. */
async function startOrTell(file: string): Promise<void> {
  const { startWorker } = await import('../../worker/start-worker.js')
  try {
    await startWorker(file)
  } catch (error) {
    const { message } = error as Error
    process.stderr.write(
      `raincheck: the task is written, but no worker can be started: ${message}; mend that, then run any command\n`,
    )
  }
}

export function tellSubmitted({ ref, status }: Answer<unknown>, json: boolean | undefined): void {
  print({ ref, status }, ref, { json })
  process.stderr.write(`Task started: ${ref}. Check status with: raincheck status ${ref}\n`)
}
