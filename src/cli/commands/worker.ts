import { runWorker } from '../../worker/worker.js'
import { workerFiles } from '../../worker/worker-files.js'
import { readIdentity } from '../../worker/worker-identity.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { onSignals } from '../signals.js'
import { findStore } from '../store.js'

/** `raincheck worker`: the worker in the foreground, until it is told to end. */
export async function worker(version: string): Promise<ExitCode> {
  const { file } = await findStore()
  if (file === undefined) throw new Error('this store has no worker: it is not an SQLite file')
  const ending = new AbortController()
  const signals = onSignals(() => ending.abort())
  process.stderr.write(
    `raincheck: the worker of ${file} runs as process ${process.pid}; end it with Ctrl-C\n`,
  )
  const ran = await runWorker({
    store: file,
    version,
    idleMs: Number.POSITIVE_INFINITY,
    signal: ending.signal,
  })
  signals.stop()
  if (ran) return exitCodes.success
  const { pid } = (await readIdentity(workerFiles(file).pid)) ?? {}
  throw new Error(`another worker runs there${pid === undefined ? '' : `, process ${pid}`}; end it first`)
}
