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
