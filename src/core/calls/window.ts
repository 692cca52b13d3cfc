import { answerOrThrow, lateAnswer, liveAnswer } from '../refs/answers.js'
import { redeem } from '../refs/redeem.js'
import { STALE_LOOK_MS, staleAnswer, staleInTime } from '../refs/stale.js'
import type { Engine } from '../task/engine.js'
import { begin, createTask } from '../task/lifecycle.js'
import { completeAnswer, type LiveTask, taskFacts, type Watcher } from '../task/live-task.js'
import { canAnswer, isLeft } from '../task/state.js'
import type { CallAnswer, CompleteAnswer, LiveAnswer } from '../words/answer.js'
import { LONGEST_TIMER_MS } from '../words/duration.js'
import { cancelled, RaincheckError } from '../words/errors.js'
import { isLive, type StoredTask } from '../words/task-store.js'
import { orLate } from '../words/timers.js'
import { answerCachedError, cachedErrorOf } from './cached-error.js'
import { LookFirst } from './look-first.js'

/**
 * How long past its window a caller waits for a store that cannot take the record, when the function has no
 * `timeout` of its own.
 */
const UNRECORDED_WAIT_MS = 30_000

/** Answers a caller whose patience ends at `deadline` (milliseconds since 1970). Equal deadlines share one answer. */
export function waitForAnswer(
  engine: Engine,
  task: LiveTask,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  const { waiting } = task
  if (waiting?.deadline === deadline) return waiting.answer
  const waiter = new Waiter(engine, task, deadline)
  // Before it starts, which may be its end: an answer that was given is not shared any more.
  task.waiting = waiter
  waiter.start()
  return waiter.answer
}

type Given = CallAnswer<unknown> | Promise<CallAnswer<unknown>>

/** Waits for: an outcome that is stored, the window's end with something to give, or another task for the key. */
class Waiter implements Watcher {
  readonly deadline: number
  readonly answer: Promise<CallAnswer<unknown>>
  readonly #engine: Engine
  readonly #task: LiveTask
  #resolve!: (answer: Given) => void
  #reject!: (error: unknown) => void
  #windowOver = false
  #ended = false
  /** Made by the first ref that has to wait for one. */
  #lookFirst: LookFirst | undefined
  /** Where an older value may stand in: still looked for, or what was found. */
  #stale: 'looked for' | CompleteAnswer<unknown> | undefined
  #timer: NodeJS.Timeout | undefined
  #lookTimer: NodeJS.Timeout | undefined

  constructor(engine: Engine, task: LiveTask, deadline: number) {
    this.#engine = engine
    this.#task = task
    this.deadline = deadline
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  start(): void {
    this.#task.watch(this)
    if (this.#task.origin.spec.grace > 0) void this.#lookForStale()
    const leftMs = this.deadline - Date.now()
    if (leftMs <= 0) this.#endWindow()
    else {
      // One that is longer than a timer can be never ends.
      if (leftMs <= LONGEST_TIMER_MS) this.#timer = setTimeout(() => this.#endWindow(), leftMs)
      // A task that is joined late may have its outcome already.
      if (this.#task.outcome) this.onChange()
    }
  }

  onChange(): void {
    const task = this.#task
    if (this.#ended || !canAnswer(task, this.#windowOver)) return
    const { outcome } = task
    if (task.phase === 'deferred' && outcome?.status !== 'complete') {
      this.#end()
      this.#resolve(this.#answerElsewhere())
      return
    }
    // Neither a value nor a cancel: an older value is better than a ref or an error.
    const mayBeStale = !outcome || outcome.status === 'failed'
    const old = mayBeStale ? this.#stale : undefined
    if (old === 'looked for') {
      this.#limitLook()
      return
    }
    if (!old && !outcome && this.#engine.tasks.look && this.#isLookDue(this.#engine.tasks.look)) return
    this.#end()
    if (old) this.#resolve(old)
    // The work's own error goes out unchanged, not as it would be rebuilt from the record.
    else if (outcome?.status === 'failed') this.#reject(outcome.thrown)
    else if (outcome?.status === 'cancelled') this.#reject(cancelled(task.ref))
    else this.#resolve(outcome ? task.completeAnswer(outcome) : this.#answerLive())
  }

  #isLookDue(look: () => Promise<void>): boolean {
    this.#lookFirst ??= new LookFirst(this.#engine, look)
    return this.#lookFirst.isDue(this.#task, this.deadline, () => this.onChange())
  }

  /** The answer of the task that stands for the key, or of this one where another process goes on with it. */
  #answerElsewhere(): Promise<CallAnswer<unknown>> {
    const { standing, ref, origin } = this.#task
    return standing
      ? answerStanding(this.#engine, this.#task, standing, this.deadline)
      : answerElsewhere(this.#engine, this.#task, { ref, scope: origin.scope }, this.deadline)
  }

  /**
   * The ref. A caller who never stops waiting is not handed off because the task asks: somebody else may answer.
   */
  #answerLive(): Given {
    const { questions, origin } = this.#task
    const waitsOn = this.deadline === Number.POSITIVE_INFINITY && questions && isLeft(this.#task)
    if (waitsOn) return this.#answerElsewhere()
    this.#task.handedOff = true
    return handOff(this.#engine, liveAnswer(this.#task), origin.scope)
  }

  /** From the start, since the window's end is too late to ask a store. */
  async #lookForStale(): Promise<void> {
    this.#stale = 'looked for'
    this.#stale = await staleAnswer(this.#engine, this.#task.origin, this.#task.ref)
    this.onChange()
  }

  /** Nothing else is missing for an answer. */
  #limitLook(): void {
    if (!this.#windowOver) return
    this.#lookTimer ??= setTimeout(() => {
      this.#stale = undefined
      this.onChange()
    }, STALE_LOOK_MS)
  }

  #endWindow(): void {
    this.#windowOver = true
    const { timeout } = this.#task.origin.spec
    const giveUp = () => {
      this.#end()
      this.#reject(unrecorded(this.#task))
    }
    this.#timer = setTimeout(giveUp, Math.min(timeout, UNRECORDED_WAIT_MS))
    this.onChange()
  }

  /** First of all: what an answer tells listeners may change the task. */
  #end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    clearTimeout(this.#lookTimer)
    this.#task.unwatch(this)
    if (this.#task.waiting === this) this.#task.waiting = undefined
  }
}

function handOff(engine: Engine, answer: LiveAnswer<unknown>, scope: string): LiveAnswer<unknown> {
  engine.events.emit('handoff', taskFacts(answer, scope))
  return answer
}

/** The key has a task elsewhere, or a fresh outcome in the store. */
async function answerStanding(
  engine: Engine,
  task: LiveTask,
  standing: StoredTask,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  if (isLive(standing)) return answerElsewhere(engine, task, standing, deadline)
  if (standing.status === 'failed')
    return answerCachedError(engine, task.origin, cachedErrorOf(engine, task.origin, standing), deadline)
  const { forgets } = engine
  const found = await valueInTime(engine, standing, deadline)
  if (found === 'late') return handOff(engine, lateAnswer(standing), standing.scope)
  if (found) return answerFound(engine, task, standing, found.value, forgets === engine.forgets)
  // The record outlived its value, or the store cannot read it, so it answers nothing: compute it anew.
  const joined = engine.registry.byKey(task.origin.keyText)
  const again = joined ?? createTask(engine, task.origin)
  const answer = waitForAnswer(engine, again, deadline)
  if (!joined) begin(engine, again, true)
  return answer
}

/** The value of a task that is complete; `late` when the store takes longer than the caller waits. */
async function valueInTime(
  engine: Engine,
  { ref, term }: StoredTask,
  deadline: number,
): Promise<{ value: unknown } | 'late' | undefined> {
  try {
    return await orLate(engine.values.get(ref, term), Math.max(0, deadline - Date.now()))
  } catch (error) {
    engine.events.emit('store-error', { error: error as Error, ref })
    return undefined
  }
}

async function answerElsewhere(
  engine: Engine,
  task: LiveTask,
  { ref, scope }: Pick<StoredTask, 'ref' | 'scope'>,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  const answer = await redeem(engine, ref, scope, deadline)
  // Neither a value nor a cancel, as with a task of this process.
  const mayBeStale = answer.status !== 'complete' && answer.status !== 'cancelled'
  const stale = mayBeStale ? await staleInTime(engine, task.origin, ref, deadline) : undefined
  if (stale) return stale
  const given = answerOrThrow(answer)
  return given.status === 'complete' ? given : handOff(engine, given, scope)
}

/** @param isKept Whether its key cannot have been forgotten while the value was read. */
function answerFound(
  engine: Engine,
  task: LiveTask,
  record: StoredTask,
  value: unknown,
  isKept: boolean,
): CallAnswer<unknown> {
  const answer = completeAnswer(record, value, record.settledAt)
  const until = Math.min(record.freshUntil, Date.now() + engine.memoryTtl)
  if (isKept) engine.hits.remember(task.origin.keyText, { answer, until })
  engine.events.emit('hit', taskFacts(record, record.scope))
  return answer
}

function unrecorded({ origin, recordError }: LiveTask): RaincheckError {
  const reason = recordError ? ` (${recordError.message})` : ''
  return new RaincheckError(
    'STORE_UNAVAILABLE',
    `${origin.spec.name} is not done, and the store did not take its record, so no ref can be given${reason}; ` +
      'check the store, then make the call again',
    { cause: recordError },
  )
}
