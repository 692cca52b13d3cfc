import { RaincheckError } from '../words/errors.js'

/**
 * What stands behind `task.ask`: gives the answers that are there, and gathers what a function asks in one go, so that
 * it waits once for all of it.
 */
export class Asker {
  readonly #answers: Readonly<Record<string, unknown>>
  readonly #tell: (requests: Readonly<Record<string, unknown>>) => void
  readonly #onAbort: (listener: (reason: unknown) => void) => void
  #asked: Map<string, unknown> | undefined

  /**
   * @param tell Called with requests that have no answer; the run is then to be aborted.
   * @param onAbort Calls back with the reason, which what was asked rejects with.
   */
  constructor(
    answers: Readonly<Record<string, unknown>>,
    tell: (requests: Readonly<Record<string, unknown>>) => void,
    onAbort: (listener: (reason: unknown) => void) => void,
  ) {
    this.#answers = answers
    this.#tell = tell
    this.#onAbort = onAbort
  }

  async ask(key: string, request: unknown): Promise<unknown> {
    if (typeof key !== 'string' || key === '')
      throw new RaincheckError(
        'INVALID_INPUT',
        `task.ask needs a key, a text that is not empty, got ${key === '' ? "''" : String(key)}`,
      )
    if (Object.hasOwn(this.#answers, key)) return this.#answers[key]
    refuseUnlessJson(`the request that task.ask(${JSON.stringify(key)}) makes`, request)
    return this.#wait(key, request)
  }

  #wait(key: string, request: unknown): Promise<never> {
    const asked = this.#asked ?? this.#gather()
    asked.set(key, request)
    return new Promise((_, reject) => this.#onAbort(reject))
  }

  #gather(): Map<string, unknown> {
    const asked = new Map<string, unknown>()
    this.#asked = asked
    queueMicrotask(() => {
      this.#asked = undefined
      this.#tell(Object.fromEntries(asked))
    })
    return asked
  }
}

/** @throws RaincheckError `INVALID_INPUT` for what JSON has no way to write. */
export function refuseUnlessJson(what: string, value: unknown): void {
  try {
    if (JSON.stringify(value) !== undefined) return
  } catch {
    // The message below says it better.
  }
  throw new RaincheckError('INVALID_INPUT', `${what} must be a JSON value, not ${typeof value}`)
}
