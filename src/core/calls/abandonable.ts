import { onSignal } from '../words/on-signal.js'

/**
 * The caller stops waiting when its signal says so; the work goes on. What need not be waited for passes as it is: to
 * listen to a signal costs several times what a hit does.
 */
export function abandonable<T>(awaited: T, signal: AbortSignal | undefined): T | Promise<Awaited<T>> {
  if (!signal || !(awaited instanceof Promise)) return awaited
  return new Promise((resolve, reject) => {
    const stop = onSignal(signal, () => reject(signal.reason))
    awaited.finally(stop).then(resolve, reject)
  })
}
