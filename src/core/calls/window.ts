import { answerOrThrow, completeAnswer, lateAnswer, liveAnswer } from '../refs/answers.js'
import { redeem } from '../refs/redeem.js'
import { staleAnswer } from '../refs/stale.js'
import { beginTask } from '../task/admit.js'
import type { Core } from '../task/engine.js'
import type { LiveTask, Watcher } from '../task/live-task.js'
import type { CallAnswer, CompleteAnswer, LiveAnswer } from '../words/answer.js'
import { deferred } from '../words/deferred.js'
import { cancelled, RaincheckError, reviveError } from '../words/errors.js'
import { isLive, type StoredTask } from '../words/task-store.js'
import { startTimer } from '../words/timers.js'

/**
 * How long past its window a caller waits for a store that cannot take the record, when the function has no
 * `timeout` of its own (R7 of the design).
 */
const UNRECORDED_WAIT_MS = 30_000

/** Answers a caller whose patience ends at `deadline` (milliseconds since 1970). Equal deadlines share one answer. */
export function waitForAnswer(core: Core, task: LiveTask, deadline: number): Promise<CallAnswer<unknown>> {
  const { waiting } = task
  if (waiting?.deadline === deadline) return waiting.answer
  const { promise: answer, resolve, reject } = deferred<CallAnswer<unknown>>()
  // Before it starts, which may be its end: an answer that was given is not shared any more.
  task.waiting = { deadline, answer }
  new Waiter(core, task, deadline, resolve, reject).start()
  return answer
}

type Resolve = (answer: CallAnswer<unknown> | Promise<CallAnswer<unknown>>) => void

/** Waits for: an outcome that is stored, the window's end with something to give, or another task for the key. */
class Waiter implements Watcher {
  readonly #core: Core
  readonly #task: LiveTask
  readonly #deadline: number
  readonly #resolve: Resolve
  readonly #reject: (error: unknown) => void
  #windowOver = false
  #ended = false
  /** Where an older value may stand in: still looked for, or what was found. */
  #stale: 'looked for' | CompleteAnswer<unknown> | undefined
  #stopTimer = () => {}

  constructor(
    core: Core,
    task: LiveTask,
    deadline: number,
    resolve: Resolve,
    reject: (error: unknown) => void,
  ) {
    this.#core = core
    this.#task = task
    this.#deadline = deadline
    this.#resolve = resolve
    this.#reject = reject
  }

  start(): void {
    this.#task.watch(this)
    if (this.#task.origin.spec.grace > 0) void this.#lookForStale()
    const leftMs = this.#deadline - Date.now()
    if (leftMs <= 0) this.#endWindow()
    else {
      this.#stopTimer = startTimer(leftMs, () => this.#endWindow())
      // A task that is joined late may have its outcome already.
      if (this.#task.outcome) this.onChange()
    }
  }

  onChange(): void {
    const { ref, released, standing, outcome, recorded } = this.#task
    // Only then a poll of its ref says the same, here and elsewhere.
    const left = this.#task.left && !this.#core.own.has(ref)
    if (this.#ended || !(released || standing || left || (this.#windowOver && (outcome || recorded)))) return
    if (standing) {
      this.#end(() => answerStanding(this.#core, this.#task, standing, this.#deadline))
      return
    }
    // Neither a value nor a cancel: an older value is better than a ref or an error.
    const mayBeStale = !outcome || outcome.status === 'failed'
    if (mayBeStale && this.#stale === 'looked for' && !this.#windowOver) return
    const stale = mayBeStale && this.#stale !== 'looked for' ? this.#stale : undefined
    this.#end(() => stale ?? this.#answerNow())
  }

  /** Who never stops waiting is not handed off because the task asks: somebody else may answer. */
  #answerNow(): CallAnswer<unknown> | Promise<CallAnswer<unknown>> {
    const { left, questions, ref, origin } = this.#task
    const waitsOn = left && questions && this.#deadline === Number.POSITIVE_INFINITY
    if (!waitsOn) return answerNow(this.#core, this.#task)
    return answerElsewhere(this.#core, this.#task, { ref, scope: origin.scope }, this.#deadline)
  }

  /** From the start, since the window's end is too late to ask a store. */
  async #lookForStale(): Promise<void> {
    this.#stale = 'looked for'
    this.#stale = await staleAnswer(this.#core, this.#task.origin, this.#task.ref)
    this.onChange()
  }

  #endWindow(): void {
    this.#windowOver = true
    const { timeout } = this.#task.origin.spec
    this.#stopTimer = startTimer(Math.min(timeout, UNRECORDED_WAIT_MS), () => {
      this.#end(() => {
        throw unrecorded(this.#task)
      })
    })
    this.onChange()
  }

  #end(answer: () => CallAnswer<unknown> | Promise<CallAnswer<unknown>>): void {
    this.#ended = true
    this.#stopTimer()
    this.#task.unwatch(this)
    if (this.#task.waiting?.deadline === this.#deadline) this.#task.waiting = undefined
    try {
      this.#resolve(answer())
    } catch (error) {
      this.#reject(error)
    }
  }
}

/** By what is known of the task now: its value, its error, or its ref. */
function answerNow(core: Core, task: LiveTask): CallAnswer<unknown> {
  const { outcome, origin } = task
  if (!outcome) return handOff(core, liveAnswer(task), origin.scope)
  // The work's own error goes out unchanged (R4), not as it would be rebuilt from the record.
  if (outcome.status === 'failed') throw outcome.thrown
  if (outcome.status === 'cancelled') throw cancelled(task.ref)
  return task.completeAnswer(outcome)
}

function handOff(core: Core, answer: LiveAnswer<unknown>, scope: string): LiveAnswer<unknown> {
  const { ref, name, title } = answer
  core.events.emit('handoff', { ref, name, title, scope })
  return answer
}

/** The key has a task elsewhere, or a fresh outcome in the store. */
async function answerStanding(
  core: Core,
  task: LiveTask,
  standing: StoredTask,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  if (isLive(standing)) return answerElsewhere(core, task, standing, deadline)
  if (standing.status === 'failed' && standing.error) throw reviveError(standing.error)
  const found = await valueInTime(core, standing, deadline)
  if (found === 'late') return handOff(core, lateAnswer(standing), standing.scope)
  if (found) return remember(core, task, standing, found.value)
  // The record outlived its value, or the store cannot read it, so it answers nothing: compute it anew.
  const again = core.live.get(task.origin.keyText) ?? beginTask(core, task.origin, true)
  return waitForAnswer(core, again, deadline)
}

/** The value of a task that is complete; `late` when the store takes longer than the caller waits. */
async function valueInTime(
  core: Core,
  { ref, run }: StoredTask,
  deadline: number,
): Promise<{ value: unknown } | 'late' | undefined> {
  let stopTimer = () => {}
  const late = new Promise<'late'>((resolve) => {
    stopTimer = startTimer(Math.max(0, deadline - Date.now()), () => resolve('late'))
  })
  try {
    return await Promise.race([core.values.get(ref, run), late])
  } catch (error) {
    core.events.emit('store-error', { error: error as Error, ref })
    return undefined
  } finally {
    stopTimer()
  }
}

async function answerElsewhere(
  core: Core,
  task: LiveTask,
  { ref, scope }: Pick<StoredTask, 'ref' | 'scope'>,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  const answer = await redeem(core, ref, scope, deadline)
  // Neither a value nor a cancel, as with a task of this process.
  const mayBeStale = answer.status !== 'complete' && answer.status !== 'cancelled'
  const stale = mayBeStale ? await staleAnswer(core, task.origin, ref) : undefined
  if (stale) return stale
  const given = answerOrThrow(answer)
  return given.status === 'complete' ? given : handOff(core, given, scope)
}

function remember(core: Core, task: LiveTask, record: StoredTask, value: unknown): CallAnswer<unknown> {
  const answer = completeAnswer(record, value)
  const until = Math.min(record.freshUntil, Date.now() + core.memoryTtl)
  core.hits.set(task.origin.keyText, { answer, until })
  const { ref, name, title, scope } = record
  core.events.emit('hit', { ref, name, title, scope })
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
