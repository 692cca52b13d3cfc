import { LRUCache } from 'lru-cache'
import type { Answer } from './answer.js'
import type { TaskBackend, Work } from './backend.js'
import { type Cached, wrap } from './cached.js'
import type { Serializer } from './codec.js'
import type { Core, Hit } from './core.js'
import { startTimer } from './deadline.js'
import { type Duration, parseDuration } from './duration.js'
import { RaincheckError } from './errors.js'
import { createEvents, type EventMap, type EventName } from './events.js'
import {
  type FunctionOptions,
  type FunctionSpec,
  refuseUnknown,
  resolveFunction,
} from './function-options.js'
import { interrupted } from './interruption.js'
import { Lease } from './lease.js'
import { redeem } from './redeem.js'
import type { Ref } from './ref.js'
import type { InputOf, OutputOf, Schema } from './standard-schema.js'
import type { TaskStore } from './task-store.js'
import type { ValueStore } from './value-store.js'

/** What `createRaincheck` puts together. */
export interface Parts {
  app: string
  tasks: TaskStore
  values: ValueStore
  /** Frees what the stores hold. */
  closeStores(): Promise<void>
  serializer: Serializer
  backend: TaskBackend
  retention: number
  maxEntries: number
  memoryTtl: number
}

/** Options of a function whose schemas give the types. */
type SchemaOptions<I, O> = Omit<FunctionOptions<never, never>, SchemaTyped> & {
  input: I
  output?: O
  check?: (input: OutputOf<I>) => void | Promise<void>
  key?: (input: OutputOf<I>) => unknown
  title?: (input: OutputOf<I>) => string
}

/** Options of a function without an input schema: its own parameter gives the type. */
type PlainOptions<Input, O> = Omit<FunctionOptions<never, never>, SchemaTyped> & {
  input?: undefined
  output?: O
  check?: (input: Input) => void | Promise<void>
  key?: (input: Input) => unknown
  title?: (input: Input) => string
}

type SchemaTyped = 'input' | 'output' | 'check' | 'key' | 'title'

type ValueOf<R, O> = O extends Schema<unknown, infer Value> ? Value : Awaited<R>

/** Wraps functions, and redeems the refs of their tasks. */
export class Raincheck {
  readonly #core: Core
  readonly #parts: Parts
  readonly #functions = new Map<string, FunctionSpec>()
  #closing: Promise<void> | undefined
  #sweeping = false
  #settledSinceSweep = 0

  constructor(parts: Parts) {
    this.#parts = parts
    const { tasks, values, serializer, retention, maxEntries, memoryTtl } = parts
    const events = createEvents()
    this.#core = {
      tasks,
      values,
      serializer,
      retention,
      maxEntries,
      memoryTtl,
      events,
      lease: new Lease(tasks, events),
      live: new Map(),
      liveByRef: new Map(),
      hits: new LRUCache<string, Hit>({ max: maxEntries }),
      onSettled: () => this.#onSettled(),
      closed: false,
    }
  }

  /** Wraps a named function: `cached('5s')(fn)` is `cached({ asyncTimeout: '5s' })(fn)`. */
  cached(asyncTimeout: Duration): <Input, R>(work: Work<Input, R>) => Cached<Input, Awaited<R>>
  /** Wraps a function whose input a schema parses. */
  cached<I extends Schema<unknown, unknown>, O extends Schema<unknown, unknown> | undefined = undefined>(
    options: SchemaOptions<I, O>,
  ): <R>(work: Work<OutputOf<I>, R>) => Cached<InputOf<I>, ValueOf<R, O>>
  /** Wraps a function. */
  cached<Known = never, O extends Schema<unknown, unknown> | undefined = undefined>(
    options: PlainOptions<Known, O>,
  ): <Input extends [Known] extends [never] ? unknown : Known, R>(
    work: Work<Input, R>,
  ) => Cached<Input, ValueOf<R, O>>
  cached(given: unknown): unknown {
    const options = (typeof given === 'object' && given ? given : { asyncTimeout: given }) as FunctionOptions<
      never,
      unknown
    >
    return (work: Work) => {
      const spec = resolveFunction(options, work, this.#parts)
      this.#register(spec)
      return wrap(this.#core, spec)
    }
  }

  /**
   * Answers for a ref: its status, or its value. May be repeated at will.
   * @param options.wait How long to wait for the task to settle. @default 0
   * @throws RaincheckError `REF_NOT_FOUND` when the ref is unknown or has expired.
   */
  async poll<T>(ref: Ref<T>, options: { wait?: Duration } = {}): Promise<Answer<T>> {
    refuseUnknown(options, ['wait'])
    const wait = parseDuration('wait', options.wait ?? 0)
    if (this.#core.closed)
      throw new RaincheckError('CLOSED', 'poll was called after close(); create a new raincheck')
    return (await redeem(this.#core, ref, '', Date.now() + wait)) as Answer<T>
  }

  /** Calls back on every event of that name. @returns Ends that. */
  on<E extends EventName>(event: E, listener: (...args: EventMap[E]) => void): () => void {
    this.#core.events.on<EventName>(event, listener as never)
    return () => void this.#core.events.off<EventName>(event, listener as never)
  }

  /**
   * Takes no more calls, waits for running work, then aborts the rest (settled as failed with `INTERRUPTED`) and frees
   * what is held.
   * @param options.drain How long to wait for running work. @default '5s', half of what Docker leaves a process
   *   between SIGTERM and SIGKILL
   */
  async close(options: { drain?: Duration } = {}): Promise<void> {
    refuseUnknown(options, ['drain'])
    const drain = parseDuration('drain', options.drain ?? '5s')
    this.#closing ??= this.#close(drain)
    return this.#closing
  }

  async #close(drain: number): Promise<void> {
    this.#core.closed = true
    await this.#drained(drain)
    for (const task of this.#core.live.values()) task.abort.abort(interrupted())
    await this.#drained(CLOSE_MS)
    await this.#parts.backend.close()
    await this.#core.lease.end().catch((error: Error) => this.#core.events.emit('store-error', { error }))
    await this.#parts.closeStores()
  }

  #register(spec: FunctionSpec): void {
    const { app, name, version } = spec
    const identity = JSON.stringify([app, name, version])
    if (this.#functions.has(identity))
      throw new RaincheckError(
        'INVALID_OPTION',
        `name must be unique: '${name}' (version '${version}', app '${app}') is wrapped already; give this one another name or version`,
      )
    this.#functions.set(identity, spec)
  }

  /** Resolves when no task of this process is left, or after `ms`. */
  #drained(ms: number): Promise<void> {
    const tasks = [...this.#core.live.values()]
    if (tasks.length === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const unwatch = tasks.map((task) => task.watch(() => this.#core.live.size === 0 && end()))
      const end = () => {
        stopTimer()
        for (const stop of unwatch) stop()
        resolve()
      }
      const stopTimer = startTimer(ms, end)
    })
  }

  #onSettled(): void {
    if (++this.#settledSinceSweep < SWEEP_EVERY || this.#sweeping || this.#core.closed) return
    this.#settledSinceSweep = 0
    void this.#sweep()
  }

  /** Drops what nobody can redeem any more. */
  async #sweep(): Promise<void> {
    const { tasks, values, maxEntries, events } = this.#core
    this.#sweeping = true
    try {
      for (const { ref, run } of await tasks.sweep({ now: Date.now(), maxEntries }))
        await values.remove(ref, run)
    } catch (error) {
      events.emit('store-error', { error: error as Error })
    } finally {
      this.#sweeping = false
    }
  }
}

/** A sweep is a query of its own; one in so many settled tasks keeps it below a hundredth of the work. */
const SWEEP_EVERY = 256

/** What an interrupted task gets to store its end, in milliseconds: one store deadline. */
const CLOSE_MS = 5_000
