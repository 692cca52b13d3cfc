import { type Raincheck, RaincheckError, type Ref } from '../../../index.js'
import type { ProgressBar } from './progress-bar.js'

/** @returns Cancels what this process has begun by then: a close alone would leave it to the worker. */
export function cancellable(rain: Raincheck): () => Promise<void> {
  const begun = new Set<Ref>()
  rain.on('miss', ({ ref }) => begun.add(ref))
  for (const end of ['complete', 'fail', 'cancel'] as const) rain.on(end, ({ ref }) => begun.delete(ref))
  return async () => {
    await Promise.all([...begun].map((ref) => rain.cancel(ref).catch(() => {})))
    await rain.close({ drain: 0 })
  }
}

/** Says once why nothing is kept for later, where the store needs a package that is missing: the work is done all the same. */
export function tellUnkept(rain: Raincheck, bar: ProgressBar): void {
  let isTold = false
  rain.on('store-error', ({ error }) => {
    if (isTold || !(error instanceof RaincheckError) || error.code !== 'MISSING_PEER') return
    isTold = true
    bar.clear()
    process.stderr.write(`raincheck: the result is not kept for later: ${error.message}\n`)
  })
}
