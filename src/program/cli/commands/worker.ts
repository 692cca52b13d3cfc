import type { RedisUrl } from '../../../index.js'
import { sqliteDriver } from '../../../stores/sqlite/driver.js'
import { runWorker } from '../../worker/worker.js'
import { workerFiles } from '../../worker/worker-files.js'
import { readIdentity } from '../../worker/worker-identity.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { onSignals } from '../signals.js'
import { findConfig, findStore, workerStore } from '../store.js'

/** `raincheck worker`: the worker in the foreground, until it is told to end. */
export async function worker(options: { concurrency?: number }, version: string): Promise<ExitCode> {
  const store = await findStore()
  if (store.redis !== undefined) return queueWorker(store.redis, options.concurrency, version)
  if (options.concurrency !== undefined)
    throw new Error('--concurrency is for a worker of a queue: give --redis, too')
  const file = workerStore(store)
  await sqliteDriver().load()
  const { signal, stop } = onSignals()
  process.stderr.write(
    `raincheck: the worker of ${file} runs as process ${process.pid}; end it with Ctrl-C\n`,
  )
  const ran = await runWorker({ store: file, version, idleMs: Number.POSITIVE_INFINITY, signal })
  stop()
  if (ran) return exitCodes.success
  const { pid } = (await readIdentity(workerFiles(file).pid)) ?? {}
  throw new Error(`another worker runs there${pid === undefined ? '' : `, process ${pid}`}; end it first`)
}

async function queueWorker(
  redis: RedisUrl,
  concurrency: number | undefined,
  version: string,
): Promise<ExitCode> {
  const { runQueueWorker } = await import('../../worker/queue-worker.js')
  const { signal, stop } = onSignals()
  const config = findConfig()
  const { host } = new URL(redis)
  process.stderr.write(
    `raincheck: a worker of ${host} runs ${config ?? 'the bundled functions'} as process ${process.pid}; end it with Ctrl-C\n`,
  )
  try {
    await runQueueWorker({ redis, config, concurrency, version, signal })
    return exitCodes.success
  } finally {
    stop()
  }
}
