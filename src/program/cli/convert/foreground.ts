import type { Raincheck, Ref } from '../../../index.js'

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
