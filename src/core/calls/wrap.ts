import { type Call, type CallOptions, resolveCall } from '../options/call-options.js'
import { identityText } from '../options/function-identity.js'
import type { FunctionSpec } from '../options/function-options.js'
import type { Engine } from '../task/engine.js'
import { begin, createTask } from '../task/lifecycle.js'
import type { LiveTask } from '../task/live-task.js'
import { callersSlot, inSlot } from '../task/nested-slot.js'
import { copyOf } from '../values/copy.js'
import { canonicalText, digest } from '../values/key.js'
import type { CallAnswer } from '../words/answer.js'
import { closedError, RaincheckError } from '../words/errors.js'
import type { CachedError, Hit } from '../words/hits.js'
import { onSignal } from '../words/on-signal.js'
import { describeIssues, type Schema, type SchemaResult } from '../words/schema.js'
import { answerCachedError } from './cached-error.js'
import { waitForAnswer } from './window.js'

type Arguments<Input> = undefined extends Input
  ? [input?: Input, options?: CallOptions]
  : [input: Input, options?: CallOptions]

/** A wrapped function. */
export interface Cached<Input, Value> {
  /**
   * Takes the input, and `CallOptions` after it. Answers within `asyncTimeout`: with the value, or with a ref for it. Rejects
   * with the function's own error.
   * @throws RaincheckError `INVALID_INPUT`, `INVALID_OPTION` and `CLOSED` before any work; `TIMEOUT`, `CANCELLED`, `INTERRUPTED`,
   *   `CRASHED` and `INVALID_VALUE` for a task that ends so meanwhile; `STORE_UNAVAILABLE` when there is no value yet, and the
   *   store has not taken the record for `timeout`, 30 s at most, after `asyncTimeout`.
   */
  (...args: Arguments<Input>): Promise<CallAnswer<Value>>
  /**
   * Waits to the end, and resolves to the bare value. Takes what a call does, and rejects as it does.
   * @throws RaincheckError `CLOSED` also when the task was left to another process by a close.
   */
  value(...args: Arguments<Input>): Promise<Value>
  /** The option `name`, or else that of the function. */
  readonly name: string
  /** The option: what a call's input is parsed with. */
  readonly input: Schema<Input, unknown> | undefined
  /** The option: what the value is parsed with. */
  readonly output: Schema<unknown, Value> | undefined
  /** The options with their defaults, durations in milliseconds; and `app` and `retention` of `createRaincheck`. */
  readonly options: Readonly<FunctionSpec>
}

/** Makes the function that callers call. */
export function wrap(caller: Caller): Cached<unknown, unknown> {
  const { spec } = caller
  const call = (input?: unknown, options?: CallOptions) => caller.call(input, options)
  const value = async (input?: unknown, options?: CallOptions) => {
    const answer = await call(input, { ...options, asyncTimeout: Number.POSITIVE_INFINITY })
    if (answer.status === 'complete') return answer.value
    throw new RaincheckError(
      'CLOSED',
      `${spec.name} goes on in another process, since this raincheck was closed; poll ${answer.ref} there`,
    )
  }
  Object.defineProperty(call, 'name', { value: spec.name })
  const { input, output } = spec
  return Object.assign(call, { value, input, output, options: spec }) as Cached<unknown, unknown>
}

/** Calls of one function. What need not wait does not, so that a hit in memory costs one promise. */
export class Caller {
  readonly spec: FunctionSpec
  readonly #engine: Engine
  readonly #identity: string
  /** What keys of the default scope begin with. */
  readonly #prefix: string
  /** Equal calls come in crowds; a text that is used again has been hashed already. */
  #last = { scope: '', content: '', keyText: '' }

  constructor(engine: Engine, spec: FunctionSpec) {
    this.#engine = engine
    this.spec = spec
    this.#identity = identityText(spec)
    this.#prefix = this.#prefixFor('')
  }

  call(input: unknown, options: CallOptions | undefined): Promise<CallAnswer<unknown>> {
    try {
      const call = resolveCall(this.spec, options)
      call.signal?.throwIfAborted()
      return this.#prepared(input, call)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** With an input that the schema has parsed before: it may not take what it made. */
  async callParsed(input: unknown, options: CallOptions): Promise<CallAnswer<unknown>> {
    return this.#check(input, resolveCall(this.spec, options))
  }

  /** Goes on at once when neither schema, check nor key need to be waited for. */
  #prepared(input: unknown, call: Call): Promise<CallAnswer<unknown>> {
    const { input: schema, check, key } = this.spec
    if (schema) return this.#parse(schema, input, call)
    if (check || key) return this.#check(input, call)
    return this.#answer(input, this.#keyText(call.scope, canonicalText(input)), call)
  }

  async #parse(schema: Schema<unknown, unknown>, input: unknown, call: Call): Promise<CallAnswer<unknown>> {
    const parsing = parseInput(this.spec.name, schema, input)
    return this.#check(await abandonable(parsing, call.signal), call)
  }

  async #check(input: unknown, call: Call): Promise<CallAnswer<unknown>> {
    const { check, key } = this.spec
    if (check) await abandonable(check(input as never), call.signal)
    const content = key
      ? canonicalText(await abandonable(key(input as never), call.signal), 'key')
      : canonicalText(input)
    return this.#answer(input, this.#keyText(call.scope, content), call)
  }

  #answer(input: unknown, key: string, call: Call): Promise<CallAnswer<unknown>> {
    const engine = this.#engine
    // Here and not before: parsing and hashing may have taken until after a close.
    if (engine.closed) throw closedError(this.spec.name)
    const found = engine.registry.byKey(key)
    const live = found && joinable(found, call.refresh)
    const slot = callersSlot()
    if (live) {
      if (slot && call.deadline > Date.now()) slot.refuseRing(live)
      raisePriority(live, call.priority)
    } else {
      const hit = call.refresh ? undefined : engine.hits.hit(key)
      if (hit && Date.now() < hit.until) {
        if (engine.events.hears('hit')) tellHit(engine, hit, call.scope)
        const { answer } = hit
        return answer.status === 'complete' ? Promise.resolve(answer) : this.#failAgain(key, answer, call)
      }
    }
    const task = live ?? this.#createTask(input, key, call)
    const answer = waitForAnswer(engine, task, call.deadline)
    if (call.onProgress) tellProgress(task, answer, call)
    if (!live) begin(engine, task, call.refresh)
    const waiting = call.signal ? abandonable(answer, call.signal) : answer
    return slot ? inSlot(slot, task, waiting) : waiting
  }

  async #failAgain(
    keyText: string,
    error: CachedError,
    { deadline, signal }: Call,
  ): Promise<CallAnswer<unknown>> {
    return abandonable(answerCachedError(this.#engine, { spec: this.spec, keyText }, error, deadline), signal)
  }

  #createTask(input: unknown, keyText: string, { scope, priority, retries }: Call): LiveTask {
    const spec = this.spec
    const title = String(spec.title?.(input as never) ?? spec.name)
    // The key and the work see the same input, whatever the caller does to it.
    const origin = { spec, keyText, scope, input: copyOf(input), title, priority, retries }
    return createTask(this.#engine, origin)
  }

  /** Long texts are shortened: they would be kept for as long as the value is. */
  #keyText(scope: string, content: string): string {
    const { scope: lastScope, content: lastContent, keyText } = this.#last
    if (content === lastContent && scope === lastScope) return keyText
    const prefix = scope === '' ? this.#prefix : this.#prefixFor(scope)
    const made = prefix + (content.length > 256 ? `#${digest(content)}` : content)
    this.#last = { scope, content, keyText: made }
    return made
  }

  #prefixFor(scope: string): string {
    return JSON.stringify(scope) + this.#identity
  }
}

function tellHit({ events }: Engine, { answer }: Hit, scope: string): void {
  const { ref, name, title } = answer
  events.emit('hit', { ref, name, title, scope })
}

/** Until the caller has its answer, or does not wait for it any more. */
function tellProgress(task: LiveTask, answer: Promise<unknown>, { onProgress, signal }: Call): void {
  const stop = task.onProgress((progress) => {
    if (!signal?.aborted) onProgress?.(progress)
  })
  answer.then(stop, stop)
}

/** A task that has its outcome, but no store to put it in, answers for no longer than it would from the store. */
function joinable(task: LiveTask, refresh: boolean): LiveTask | undefined {
  if (!task.outcome || task.phase !== 'unstored') return task
  const isFresh = Date.now() < task.outcome.settledAt + task.origin.spec.ttl
  return isFresh && !refresh ? task : undefined
}

/** The highest priority that anybody asked for counts. */
function raisePriority({ origin, ref }: LiveTask, priority: number): void {
  if (priority <= origin.priority) return
  origin.priority = priority
  origin.spec.backend.setPriority(ref, priority)
}

/** At once where the schema does not need to wait. */
function parseInput(name: string, schema: Schema<unknown, unknown>, input: unknown): unknown {
  const result = schema['~standard'].validate(input)
  return result instanceof Promise ? result.then((given) => parsed(name, given)) : parsed(name, result)
}

function parsed(name: string, result: SchemaResult<unknown>): unknown {
  if (!result.issues) return result.value
  throw new RaincheckError(
    'INVALID_INPUT',
    `${name} was called with a wrong input: ${describeIssues('input', result.issues)}`,
  )
}

/**
 * The caller stops waiting when its signal says so; the work goes on. What need not be waited for passes as it is: to
 * listen to a signal costs several times what a hit does.
 */
function abandonable<T>(awaited: T, signal: AbortSignal | undefined): T | Promise<Awaited<T>> {
  if (!signal || !(awaited instanceof Promise)) return awaited
  return new Promise((resolve, reject) => {
    const stop = onSignal(signal, () => reject(signal.reason))
    awaited.finally(stop).then(resolve, reject)
  })
}
