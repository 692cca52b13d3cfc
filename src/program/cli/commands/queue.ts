import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { workerFiles } from '../../worker/worker-files.js'
import { readIdentity } from '../../worker/worker-identity.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'
import { withStore, workerStore } from '../store.js'

/** As many as a list gives at once. */
const MOST = 1_000

/** `raincheck queue [pause|resume]`: what waits and runs, and whether the worker starts more. */
export async function queue(action: string | undefined, options: { json?: boolean }): Promise<ExitCode> {
  const state = await withStore(async (rain, store) => {
    if (store.redis !== undefined) return queueOn(store.redis, action)
    const file = workerStore(store)
    const { paused, pid } = workerFiles(file)
    await mkdir(dirname(paused), { recursive: true, mode: 0o700 })
    if (action === 'pause') await writeFile(paused, '', { mode: 0o600 })
    if (action === 'resume') await rm(paused, { force: true })
    const [waiting, running] = await Promise.all(
      (['pending', 'processing'] as const).map(async (status) => {
        const { tasks } = await rain.list({ status, limit: MOST })
        return tasks.length
      }),
    )
    const worker = await readIdentity(pid)
    return { waiting, running, paused: existsSync(paused), ...(worker ? { worker: worker.pid } : {}) }
  })
  const { waiting, running, paused } = state
  const text = `${waiting} waiting, ${running} running${paused ? ', paused: nothing more is started' : ''}`
  print(state, text, options)
  return exitCodes.success
}

async function queueOn(redis: string, action: string | undefined) {
  const { inspectQueue } = await import('../../../backends/bullmq/index.js')
  return inspectQueue({ connection: redis }, action as 'pause' | 'resume' | undefined)
}
