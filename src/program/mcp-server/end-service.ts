import * as nodeModule from 'node:module'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Service } from './open-service.js'

/** Clients that end their server wait 2 s before they send SIGTERM, and 2 s more before SIGKILL (both SDKs). */
export const DRAIN_MS = 1_000

/** What it takes to write down that tasks are left to others, in milliseconds; closing may take longer. */
const LEAVE_MS = 500

/** To be called when a client is there and has what it waited for. Takes up what an earlier server had to leave. */
export async function settleIn(service: Service): Promise<void> {
  // The answer to the list goes out first.
  await setImmediate()
  try {
    const { rain, warm } = await service.bundled.load()
    warm()
    const file = await service.storeFile()
    if (file === undefined) return
    const { startMissingWorker } = await import('../worker/missing-worker.js')
    await startMissingWorker(file, rain)
    keepCompiledCode()
  } catch (error) {
    // Who has gone meanwhile leaves that to the next. A store that cannot be used costs refs, but no conversion.
    if (Object(error).code !== 'CLOSED') tell(error as Error)
  }
}

/** Lets running tasks end until then; the rest is left to the worker, so that a later session redeems their refs. */
export async function endService(service: Service, until: number): Promise<void> {
  const rains = [service.bundled.rain, service.config?.rain].filter((rain) => rain !== undefined)
  const isBusy = rains.some((rain) => rain.busy)
  const drain = Math.max(0, until - Date.now())
  const closing = Promise.all(rains.map((rain) => rain.close({ drain })))
  const file = isBusy ? await service.storeFile() : undefined
  if (file !== undefined) {
    // A function that does not hear of the end must not keep the worker from starting in time.
    await Promise.race([closing, sleep(drain + LEAVE_MS, undefined, { ref: false })])
    await startWorkerFor(file).catch(tell)
  }
  await closing
}

async function startWorkerFor(file: string): Promise<void> {
  const { startMissingWorker } = await import('../worker/missing-worker.js')
  const { createRaincheck } = await import('../../index.js')
  const rain = createRaincheck({ store: `sqlite:${file}`, app: 'raincheck' })
  try {
    await startMissingWorker(file, rain)
    keepCompiledCode()
  } finally {
    await rain.close()
  }
}

function tell({ message }: Error): void {
  process.stderr.write(`raincheck: no worker can be started for what is left: ${message}\n`)
}

/** Node does it at the end of a process, but clients often kill their servers. */
function keepCompiledCode(): void {
  const flush: unknown = Reflect.get(nodeModule, 'flushCompileCache')
  if (typeof flush === 'function') Reflect.apply(flush, nodeModule, [])
}
