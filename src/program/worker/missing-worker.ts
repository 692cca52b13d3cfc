import { workerFiles } from './worker-files.js'
import { readIdentity } from './worker-identity.js'

/**
 * Starts a worker where one is missing: somebody left a task, or the one that ran tasks was killed. Loads what that takes only then.
 * @throws Error when it cannot be started, or the store cannot be used.
 */
export async function startMissingWorker(
  store: string,
  rain: { unheld(): Promise<readonly unknown[]> },
): Promise<void> {
  // Its tasks are held by a lease that still runs, so they are not found among those that nobody holds.
  const wasKilled = (await readIdentity(workerFiles(store).pid)) !== undefined
  if (!wasKilled && (await rain.unheld()).length === 0) return
  const { startWorker } = await import('./start-worker.js')
  await startWorker(store)
}
