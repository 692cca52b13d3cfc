import type { Work, WrappedFunction } from '../../core/backend.js'
import { addressOf } from '../../core/from-module.js'

/** The functions that this process can run, for itself and for others. */
export class KnownFunctions {
  readonly #byId = new Map<string, WrappedFunction>()
  readonly #ids = new Map<Work, string>()

  add(wrapped: WrappedFunction): void {
    this.#byId.set(wrapped.identity, wrapped)
    this.#ids.set(wrapped.work, wrapped.identity)
  }

  /** The id of a function whose job is given; one that was never wrapped goes by its address. */
  idOf(work: Work): string {
    const known = this.#ids.get(work)
    if (known !== undefined) return known
    const address = addressOf(work)
    const identity = address ? `${address.url}#${address.path.join('.')}` : `${work.name}#${process.pid}`
    this.add({ identity, work, resume: true, retryIf: undefined })
    return identity
  }

  get(id: string): WrappedFunction | undefined {
    return this.#byId.get(id)
  }
}
