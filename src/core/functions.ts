import type { Caller } from './calls/wrap.js'
import { type FunctionIdentity, identityText } from './options/function-identity.js'
import type { FunctionSpec } from './options/function-options.js'
import { isShared, type TaskBackend, type WrappedFunction } from './words/backend.js'
import { wrongOption } from './words/check-option.js'
import { notRegistered } from './words/errors.js'

/**
 * The functions that a raincheck has wrapped, by their identities. One of an instance is held by whoever wrapped it, and by its live tasks, alone:
 * an object that nobody uses any more goes, with its function.
 */
export class Functions {
  readonly #makeCaller: (spec: FunctionSpec) => Caller
  readonly #callers = new Map<string, Caller>()
  readonly #instances = new Map<string, WeakRef<FunctionSpec>>()
  readonly #dropped = new FinalizationRegistry<Wrapping>((wrapping) => this.#drop(wrapping))

  constructor(makeCaller: (spec: FunctionSpec) => Caller) {
    this.#makeCaller = makeCaller
  }

  /** @throws RaincheckError `INVALID_OPTION` for a name that is taken; of an instance the newer function takes the place of the older. */
  add(spec: FunctionSpec): Caller {
    const identity = identityText(spec)
    if (this.#callers.has(identity))
      throw wrongOption(
        `name must be unique: '${spec.name}' (version '${spec.version}', app '${spec.app}') is wrapped already; ` +
          'give this one another name or version, or an `instance` where several objects wrap the same method',
      )
    const caller = this.#makeCaller(spec)
    const { backend, work, resume, retryIf } = spec
    if (spec.instance === '') {
      this.#callers.set(identity, caller)
      if (isShared(backend)) backend.register({ identity, work, resume, retryIf })
    } else {
      const held = new WeakRef(spec)
      this.#instances.set(identity, held)
      this.#dropped.register(spec, { identity, backend })
      if (isShared(backend)) backend.register(weakly(identity, held, spec))
    }
    return caller
  }

  find(wanted: FunctionIdentity): Caller | undefined {
    const identity = identityText(wanted)
    const spec = this.#instances.get(identity)?.deref()
    return spec ? this.#makeCaller(spec) : this.#callers.get(identity)
  }

  #drop({ identity, backend }: Wrapping): void {
    // It may have been wrapped again.
    if (this.#instances.get(identity)?.deref()) return
    this.#instances.delete(identity)
    if (isShared(backend)) backend.unregister(identity)
  }
}

interface Wrapping {
  identity: string
  backend: TaskBackend
}

/** The same for a backend, which keeps what it is given. */
function weakly(
  identity: string,
  held: WeakRef<FunctionSpec>,
  { app, name, version, resume }: FunctionSpec,
): WrappedFunction {
  const gone = () => {
    throw notRegistered({ app, name, version }, 'make the call again')
  }
  return {
    identity,
    resume,
    get work() {
      return held.deref()?.work ?? gone
    },
    get retryIf() {
      return held.deref()?.retryIf
    },
  }
}
