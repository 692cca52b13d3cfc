import { refuseAllButOptions, refuseDecorator } from './calls/arguments.js'
import type { Cached } from './calls/cached.js'
import type { CachedSignatures } from './calls/signatures.js'
import { Caller, wrap } from './calls/wrap.js'
import { createEngine, type EngineOptions } from './create-engine.js'
import { Functions } from './functions.js'
import type { FunctionIdentity } from './options/function-identity.js'
import { type FunctionOptions, resolveFunction } from './options/function-options.js'
import { Scope } from './scope.js'
import type { Engine } from './task/engine.js'
import { interruption } from './task/settle.js'
import { WaitingLimit } from './task/waiting-limit.js'
import { close } from './upkeep/close.js'
import { prune } from './upkeep/prune.js'
import { createQueue, type Queue } from './upkeep/queue.js'
import { recover } from './upkeep/recover.js'
import type { TaskBackend, Work } from './words/backend.js'
import { invalid, refuseUnknown } from './words/check-option.js'
import { type Duration, parseDuration } from './words/duration.js'
import { closedError } from './words/errors.js'
import { type EventMap, type EventName, eventNames } from './words/events.js'
import type { Ref } from './words/ref.js'

/** What `createRaincheck` puts together. */
export interface RaincheckParts extends Omit<EngineOptions, 'waitingLimit'> {
  app: string
  /** Where other processes find the functions: `bundled`, or the path of a config file. */
  place: string | undefined
  backend: TaskBackend
  /** How many tasks may wait in this process. @default Infinity */
  maxWaiting?: number
  /** Gives a function's own backend the limits of this raincheck. @throws when it cannot keep them. */
  adopt(backend: TaskBackend): void
  /** Frees what the stores hold. */
  closeStores(): Promise<void>
}

/** A live task that no process holds. */
export interface UnheldTask {
  /** For `giveUp`. */
  ref: Ref
  /** With `name` and `version` the identity of its function, for `knows`. */
  app: string
  /** Name of the function. */
  name: string
  /** Version of the function. */
  version: string
  /** The function's option; '' where it had none. */
  instance: string
  /** Where its function is found: `bundled`, the path of a config file, or a queue. Undefined: only where it is wrapped. */
  place: string | undefined
}

/** Wraps functions, and redeems the refs of their tasks. Its own methods are those of the scope `''`. */
export class Raincheck extends Scope {
  /**
   * Wraps a function: `cached(options)(fn)`, with `FunctionOptions`; or `cached('5s')(fn)`, which is
   * `cached({ asyncTimeout: '5s' })(fn)`, for a function that has a name. Gives a `Cached`.
   * @throws RaincheckError `INVALID_OPTION` naming the option: unknown, wrong, a name that is taken, or more than the backend can.
   */
  readonly cached: CachedSignatures
  /** What waits and runs here, and how to hold it up. */
  readonly queue: Queue
  readonly #engine: Engine
  readonly #parts: RaincheckParts
  readonly #functions: Functions
  readonly #backends: Set<TaskBackend>
  #closing: Promise<void> | undefined

  constructor(parts: RaincheckParts) {
    const { maxWaiting = Number.POSITIVE_INFINITY } = parts
    const backends = new Set([parts.backend])
    const functions = new Functions((spec) => new Caller(engine, spec))
    const waitingLimit = Number.isFinite(maxWaiting) ? new WaitingLimit(maxWaiting, backends) : undefined
    const engine = createEngine({ ...parts, waitingLimit }, (wanted) => functions.find(wanted))
    super(engine, '')
    this.#engine = engine
    this.#parts = parts
    this.#functions = functions
    this.#backends = backends
    this.queue = createQueue(engine, this.#backends)
    // The signatures tell what the implementation cannot: one return type for each form of the argument.
    this.cached = ((...given: unknown[]) => this.#cached(given)) as CachedSignatures
  }

  /**
   * The same methods for another scope. Calls say theirs with the option `scope`.
   * @throws RaincheckError `INVALID_OPTION` for what is no text.
   */
  scope(id: string): Scope {
    if (typeof id !== 'string') throw invalid('scope', 'a text', id)
    return new Scope(this.#engine, id)
  }

  /**
   * Removes the settled tasks of every scope that have expired, with their values.
   * @param options.olderThan Removes those too that settled longer ago than this; by default none.
   * @returns How many were removed.
   * @throws RaincheckError `INVALID_OPTION`; `CLOSED`; `STORE_UNAVAILABLE`.
   */
  async prune(options: { olderThan?: Duration } = {}): Promise<number> {
    refuseUnknown(options, ['olderThan'])
    const { olderThan } = options
    if (this.#engine.closed) throw closedError('prune')
    return prune(
      this.#engine,
      olderThan === undefined ? undefined : Date.now() - parseDuration('olderThan', olderThan),
    )
  }

  /**
   * Takes over the tasks that nobody runs any more and whose functions are wrapped here: their process has ended (its
   * lease, 15 s, has run out), or has left them to others. On a store in memory there are none.
   * @param options.endedOwner The `owner` of a process that is known to have ended: its tasks need not wait for that.
   * @param options.waiting Whether to take over what would have to wait for a slot here, too; true by default.
   * @returns The refs of the tasks taken over.
   * @throws RaincheckError `INVALID_OPTION`; `STORE_UNAVAILABLE`; `CLOSED`.
   */
  async recover(options: { endedOwner?: string; waiting?: boolean } = {}): Promise<Ref[]> {
    refuseUnknown(options, ['endedOwner', 'waiting'])
    const engine = this.#engine
    if (engine.closed) throw closedError('recover')
    if (options.endedOwner !== undefined) await engine.tasks.release(options.endedOwner)
    return recover(engine, options.waiting ?? true)
  }

  /**
   * The live tasks of a shared store that no process holds: left by theirs, or its lease has run out. Of every scope; by
   * priority, at most a thousand.
   * @throws RaincheckError `CLOSED`; `STORE_UNAVAILABLE`.
   */
  async unheld(): Promise<UnheldTask[]> {
    if (this.#engine.closed) throw closedError('unheld')
    const found = await this.#engine.tasks.unheld()
    return found.map(({ ref, app, name, version, instance, place }) => {
      return { ref, app, name, version, instance, place }
    })
  }

  /**
   * Settles a task that no process holds as failed with `INTERRUPTED`, such as one whose function is gone. Any other ref is
   * passed over.
   * @param reason The error's message.
   * @throws RaincheckError `CLOSED`; `STORE_UNAVAILABLE`.
   */
  async giveUp(ref: Ref, reason: string): Promise<void> {
    if (this.#engine.closed) throw closedError('giveUp')
    const { tasks } = this.#engine
    const record = await tasks.get(ref)
    if (record) await tasks.interrupt(ref, record.term, interruption(this.#engine, reason))
  }

  /** Whether the function of that `app`, `name`, `version` and `instance` is wrapped here. */
  knows(wanted: FunctionIdentity): boolean {
    return this.#engine.find(wanted) !== undefined
  }

  /** Whether this process has tasks that have not settled, or whose end is not stored yet. */
  get busy(): boolean {
    return this.#engine.registry.size > 0
  }

  /** How long a ref can be redeemed once its task has settled, in milliseconds. */
  get retention(): number {
    return this.#engine.retention
  }

  /** The name that this process holds tasks by, in a shared store. */
  get owner(): string {
    return this.#engine.lease.owner
  }

  /**
   * Calls back on every event of that name. @returns Ends that.
   * @throws RaincheckError `INVALID_OPTION` for a name that no event has.
   */
  on<E extends EventName>(event: E, listener: (event: EventMap[E]) => void): () => void {
    if (!eventNames.includes(event)) throw invalid('event', `one of ${eventNames.join(', ')}`, event)
    if (typeof listener !== 'function') throw invalid('listener', 'a function', listener)
    return this.#engine.events.on(event, listener)
  }

  /**
   * Takes no more calls, waits for running work, then aborts the rest and frees what is held. A task whose function other
   * processes find (of a config file, or bundled) is left to them, at once when it does not run yet; any other that is
   * aborted is settled as failed with `INTERRUPTED`.
   * @param options.drain How long to wait for running work; by default '5s', half of what Docker leaves a process between
   *   SIGTERM and SIGKILL.
   */
  async close(options: { drain?: Duration } = {}): Promise<void> {
    refuseUnknown(options, ['drain'])
    const drain = parseDuration('drain', options.drain ?? '5s')
    this.#closing ??= close(this.#engine, this.#backends, drain).then(() => this.#parts.closeStores())
    return this.#closing
  }

  #cached(args: readonly unknown[]): (work: Work, ...more: unknown[]) => Cached<unknown, unknown> {
    refuseAllButOptions(args)
    const [given] = args
    const isOptions = typeof given === 'object' && given !== null
    const options = (isOptions ? given : { asyncTimeout: given }) as FunctionOptions<never, never>
    return (work, ...more) => {
      refuseDecorator([work, ...more])
      const spec = resolveFunction(options, work, this.#parts)
      if (!this.#backends.has(spec.backend)) this.#parts.adopt(spec.backend)
      this.#backends.add(spec.backend)
      return wrap(this.#functions.add(spec))
    }
  }
}
