/**
 * One abort, told to whoever listens and to an AbortSignal that is made when somebody asks for it: most functions never
 * do, and making one costs as much as all else that a quick task needs.
 */
export class Abort {
  #reason: unknown
  #aborted = false
  #controller: AbortController | undefined
  #listeners: ((reason: unknown) => void)[] | undefined

  get aborted(): boolean {
    return this.#aborted
  }

  get reason(): unknown {
    return this.#reason
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#aborted) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  /** The first abort counts. */
  abort(reason: unknown): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#reason = reason
    const listeners = this.#listeners ?? []
    this.#listeners = undefined
    for (const listener of listeners) listener(reason)
    this.#controller?.abort(reason)
  }

  /** Calls back once, at the abort; at once when that has been. @returns Ends that. */
  onAbort(listener: (reason: unknown) => void): () => void {
    if (this.#aborted) listener(this.#reason)
    else if (this.#listeners) this.#listeners.push(listener)
    else this.#listeners = [listener]
    return () => {
      const at = this.#listeners?.indexOf(listener) ?? -1
      if (at >= 0) this.#listeners?.splice(at, 1)
    }
  }
}

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
