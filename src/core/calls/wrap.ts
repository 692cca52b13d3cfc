import { type Call, type CallOptions, resolveCall } from '../options/call-options.js'
import { identityText } from '../options/function-identity.js'
import type { FunctionSpec } from '../options/function-options.js'
import type { Engine } from '../task/engine.js'
import { begin, createTask } from '../task/lifecycle.js'
import { type LiveTask, taskFacts } from '../task/live-task.js'
import { callersSlot, inSlot } from '../task/nested-slot.js'
import { copyOf } from '../values/copy.js'
import { canonicalText, digest, storeKey } from '../values/key.js'
import { abandonable } from '../words/abort.js'
import type { Answer, CallAnswer } from '../words/answer.js'
import { refuseUnknown } from '../words/check-option.js'
import { closedError, RaincheckError } from '../words/errors.js'
import type { CachedError, Hit } from '../words/hits.js'
import { parseInput, type Schema } from '../words/schema.js'
import { isLive, type StoredTask } from '../words/task-store.js'
import { refuseMore } from './arguments.js'
import type { Cached } from './cached.js'
import { answerCachedError } from './cached-error.js'
import { forgetKey, joinable, peekKey } from './key-answers.js'
import { waitForAnswer } from './window.js'

type KeyArguments = [input?: unknown, options?: Pick<CallOptions, 'scope'>, ...more: unknown[]]

/** Makes the function that callers call. */
export function wrap(caller: Caller): Cached<unknown, unknown> {
  const { spec } = caller
  const call = (input?: unknown, options?: CallOptions, ...more: unknown[]) =>
    caller.call(input, options, more)
  const value = async (input?: unknown, options?: CallOptions, ...more: unknown[]) => {
    refuseMore(spec.name, options, more)
    const answer = await call(input, { ...options, asyncTimeout: Number.POSITIVE_INFINITY })
    if (answer.status === 'complete') return answer.value
    throw new RaincheckError(
      'CLOSED',
      `${spec.name} goes on in another process, since this raincheck was closed; poll ${answer.ref} there`,
    )
  }
  Object.defineProperty(call, 'name', { value: spec.name })
  const { input, output } = spec
  const peek = async (...args: KeyArguments) => caller.peek(await caller.key(...args))
  const forget = async (...args: KeyArguments) => caller.forget(await caller.key(...args))
  const made = Object.assign(call, { value, peek, forget, input, output, options: spec })
  return made as Cached<unknown, unknown>
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

  call(
    input: unknown,
    options: CallOptions | undefined,
    more: readonly unknown[],
  ): Promise<CallAnswer<unknown>> {
    try {
      if (more.length > 0 || (options !== undefined && options?.constructor !== Object))
        refuseMore(this.spec.name, options, more)
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

  /** That of a call with this input and scope, which is not made. */
  async key(...[input, options = {}, ...more]: KeyArguments): Promise<string> {
    const { input: schema, name } = this.spec
    refuseMore(name, options, more)
    refuseUnknown(options, ['scope'])
    const { scope } = resolveCall(this.spec, options)
    const content = await this.#content(schema ? await parseInput(name, schema, input) : input, undefined)
    return this.#keyText(scope, content)
  }

  async peek(key: string): Promise<Answer<unknown> | undefined> {
    if (this.#engine.closed) throw closedError(this.spec.name)
    return peekKey(this.#engine, key)
  }

  async forget(key: string): Promise<void> {
    if (this.#engine.closed) throw closedError(this.spec.name)
    return forgetKey(this.#engine, this.spec, key)
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
    return this.#answer(input, this.#keyText(call.scope, await this.#content(input, call.signal)), call)
  }

  /** What tells a call of this input from others. */
  async #content(input: unknown, signal: AbortSignal | undefined): Promise<string> {
    const { check, key } = this.spec
    if (check) await abandonable(check(input as never), signal)
    return key ? canonicalText(await abandonable(key(input as never), signal), 'key') : canonicalText(input)
  }

  /** What stands for the key in the store adds no task that waits. */
  async #unlessBusy(input: unknown, key: string, call: Call): Promise<CallAnswer<unknown>> {
    const standing = await abandonable(standingFor(this.#engine, key), call.signal)
    if (standing && (isLive(standing) || !call.refresh)) return this.#answer(input, key, call, true)
    throw busy(this.spec.name, this.#engine.waitingLimit?.most)
  }

  #answer(input: unknown, key: string, call: Call, isAdmitted = false): Promise<CallAnswer<unknown>> {
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
    if (!live && !isAdmitted && engine.waitingLimit?.isFull(this.spec, call.scope))
      return this.#unlessBusy(input, key, call)
    const task = live ?? this.#createTask(input, key, call)
    const answer = waitForAnswer(engine, task, call.deadline)
    if (call.onProgress) tellProgress(task, answer, call)
    if (!live) {
      begin(engine, task, call.refresh)
      engine.waitingLimit?.follow(task)
    }
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

  #createTask(input: unknown, keyText: string, { scope, priority, retries, metadata }: Call): LiveTask {
    const spec = this.spec
    const title = String(spec.title?.(input as never) ?? spec.name)
    // The key and the work see the same input, whatever the caller does to it.
    const origin = { spec, keyText, scope, input: copyOf(input), title, metadata, priority, retries }
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
  events.emit('hit', taskFacts(answer, scope))
}

/** Until the caller has its answer, or does not wait for it any more. */
function tellProgress(task: LiveTask, answer: Promise<unknown>, { onProgress, signal }: Call): void {
  const stop = task.onProgress((progress) => {
    if (!signal?.aborted) onProgress?.(progress)
  })
  answer.then(stop, stop)
}

/** Undefined, too, where the store cannot tell. A caller waits for it as for a record, also past the window. */
async function standingFor({ tasks, events }: Engine, key: string): Promise<StoredTask | undefined> {
  try {
    return await tasks.standing(storeKey(tasks, key), Date.now())
  } catch (error) {
    events.emit('store-error', { error: error as Error })
    return undefined
  }
}

function busy(name: string, most = 0): RaincheckError {
  return new RaincheckError(
    'BUSY',
    `${name} was not called: ${most} tasks wait in this process, which is its maxWaiting; make the call again later`,
  )
}

/** The highest priority that anybody asked for counts. */
function raisePriority({ origin, ref }: LiveTask, priority: number): void {
  if (priority <= origin.priority) return
  origin.priority = priority
  origin.spec.backend.setPriority(ref, priority)
}
