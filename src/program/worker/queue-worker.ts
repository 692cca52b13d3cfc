import { bullmq } from '../../backends/bullmq/index.js'
import { given } from '../../core/words/given.js'
import { pause } from '../../core/words/timers.js'
import { openConfig, type Raincheck, type StoreOption } from '../../index.js'
import { openBundled } from '../documents/open-bundled.js'
import { keepLogs, sweepLogsHourly } from './task-logs.js'

/** How often it looks for tasks whose process has ended, in milliseconds: what the queue holds it need not look for. */
const LOOK_EVERY_MS = 500

export interface QueueWorkerOptions {
  /** The server that has the store and the queue. */
  redis: string
  /** Path of the config file, if there is one. */
  config: string | undefined
  /** How many tasks of the config file's functions run at once. @default the config file's, or the number of processors */
  concurrency: number | undefined
  /** Of the package. */
  version: string
  /** Ends it: what runs gets 5 s, the rest is left to others. */
  signal: AbortSignal
}

/**
 * Runs tasks of a queue, whoever gave them, and takes over those whose process has ended. As many may run as there are
 * machines.
 */
export async function runQueueWorker(options: QueueWorkerOptions): Promise<void> {
  const rains = await openAll(options)
  const stopSweeping = sweepLogsHourly()
  try {
    // A server that cannot be used ends it at once, instead of after some silence.
    await rains[0]?.list({ limit: 1 })
    let told = ''
    while (!options.signal.aborted) {
      const message = await recoverAll(rains)
      if (message !== told && message !== '') process.stderr.write(`${new Date().toISOString()} ${message}\n`)
      told = message
      await pause(LOOK_EVERY_MS, options.signal)
    }
  } finally {
    stopSweeping()
    await Promise.all(rains.map((rain) => rain.close()))
  }
}

async function openAll({ redis, config, concurrency, version }: QueueWorkerOptions): Promise<Raincheck[]> {
  const store = redis as StoreOption
  const rains = [openBundled(version, { store }).rain]
  if (config !== undefined) {
    const backend = (own?: number) =>
      bullmq({ connection: redis, ...given({ concurrency: concurrency ?? own }) })
    rains.unshift((await openConfig(config, { store, backend })).rain)
  }
  for (const rain of rains) keepLogs(rain)
  return rains
}

/** @returns Why a store could not be used; an empty text when all went well. */
async function recoverAll(rains: readonly Raincheck[]): Promise<string> {
  try {
    // Those of the queue wait there; the bundled ones run here, so that no more are taken than can.
    for (const rain of rains) await rain.recover({ waiting: rain !== rains.at(-1) })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
