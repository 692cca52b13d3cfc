/**
 * Calls back once, when the signal aborts, at once when it has. All share one listener on the signal: thousands of calls may share a signal, and Node
 * warns of the eleventh listener.
 * @returns Ends that.
 */
export function onSignal(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const { listeners, onAbort } = shared.get(signal) ?? listenTo(signal)
  listeners.add(listener)
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return
    signal.removeEventListener('abort', onAbort)
    shared.delete(signal)
  }
}

interface Shared {
  readonly listeners: Set<() => void>
  onAbort(): void
}

const shared = new WeakMap<AbortSignal, Shared>()

function listenTo(signal: AbortSignal): Shared {
  const listeners = new Set<() => void>()
  const onAbort = () => {
    shared.delete(signal)
    for (const listener of listeners) listener()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const made = { listeners, onAbort }
  shared.set(signal, made)
  return made
}
