import { addressOf } from '../../core/options/from-module.js'
import type { Job, WrappedFunction } from '../../core/words/backend.js'

/** The functions that this process can run, for itself and for others. */
export class KnownFunctions {
  readonly #byId = new Map<string, WrappedFunction>()

  add(wrapped: WrappedFunction): void {
    this.#byId.set(wrapped.identity, wrapped)
  }

  /** The id of a function whose job is given; one that was never wrapped goes by its address. */
  idOf({ identity: registered, work }: Job): string {
    if (registered !== undefined) return registered
    const address = addressOf(work)
    const identity = address ? `${address.url}#${address.path.join('.')}` : `${work.name}#${process.pid}`
    this.add({ identity, work, resume: true, retryIf: undefined })
    return identity
  }

  get(id: string): WrappedFunction | undefined {
    return this.#byId.get(id)
  }
}
