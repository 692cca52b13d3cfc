import type { CallAnswer, LiveAnswer } from './answer.js'
import { answerOrThrow, cancelled, completeAnswer, completeAnswerOf, liveAnswer } from './answers.js'
import { beginTask } from './begin-task.js'
import type { Core } from './core.js'
import { startTimer } from './deadline.js'
import { RaincheckError, reviveError } from './errors.js'
import type { LiveTask, Watcher } from './live-task.js'
import { redeem } from './redeem.js'
import { staleAnswer } from './stale-answer.js'
import { isLive, type StoredTask } from './task-store.js'

/**
 * How long past its window a caller waits for a store that cannot take the record, when the function has no
 * `timeout` of its own (R7 of the design).
 */
const UNRECORDED_WAIT_MS = 30_000

/** Answers a caller whose patience ends at `deadline` (milliseconds since 1970). Equal deadlines share one answer. */
export function waitForAnswer(core: Core, task: LiveTask, deadline: number): Promise<CallAnswer<unknown>> {
  const { waiting } = task
  if (waiting?.deadline === deadline) return waiting.answer
  const answer = new Promise<CallAnswer<unknown>>((resolve, reject) => {
    new Waiter(core, task, deadline, resolve, reject).start()
  })
  task.waiting = { deadline, answer }
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
    const leftMs = this.#deadline - Date.now()
    if (leftMs <= 0) return this.#endWindow()
    this.#stopTimer = startTimer(leftMs, () => this.#endWindow())
    // A task that is joined late may have its outcome already.
    if (this.#task.outcome) this.onChange()
  }

  onChange(): void {
    const { released, standing, outcome, recorded } = this.#task
    if (!(released || standing || (this.#windowOver && (outcome || recorded)))) return
    this.#end()
    if (standing) this.#resolve(answerStanding(this.#core, this.#task, standing, this.#deadline))
    else if (this.#task.origin.spec.grace > 0 && outcome?.status !== 'complete')
      this.#resolve(staleOrNow(this.#core, this.#task))
    else
      try {
        this.#resolve(answerNow(this.#core, this.#task))
      } catch (error) {
        this.#reject(error)
      }
  }

  #endWindow(): void {
    this.#windowOver = true
    const { timeout } = this.#task.origin.spec
    this.#stopTimer = startTimer(Math.min(timeout, UNRECORDED_WAIT_MS), () => {
      this.#end()
      this.#reject(unrecorded(this.#task))
    })
    this.onChange()
  }

  #end(): void {
    this.#stopTimer()
    this.#task.unwatch(this)
    if (this.#task.waiting?.deadline === this.#deadline) this.#task.waiting = undefined
  }
}

/** By what is known of the task now: its value, its error, or its ref. */
function answerNow(core: Core, task: LiveTask): CallAnswer<unknown> {
  const { outcome, origin } = task
  if (!outcome) return handOff(core, liveAnswer(task), origin.scope)
  // The work's own error goes out unchanged (R4), not as it would be rebuilt from the record.
  if (outcome.status === 'failed') throw outcome.thrown
  if (outcome.status === 'cancelled') throw cancelled(task.ref)
  return completeAnswerOf(task, outcome)
}

/** Where its function allows that, an older value is given in the place of a ref or an error. */
async function staleOrNow(core: Core, task: LiveTask): Promise<CallAnswer<unknown>> {
  return (await staleAnswer(core, task.origin, task.ref)) ?? answerNow(core, task)
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
  const found = await core.values.get(standing.ref, standing.run)
  if (found) return remember(core, task, standing, found.value)
  // The record outlived its value, so it answers nothing: compute it anew.
  const again = core.live.get(task.origin.keyText) ?? beginTask(core, task.origin, true)
  return waitForAnswer(core, again, deadline)
}

async function answerElsewhere(
  core: Core,
  task: LiveTask,
  { ref, scope }: StoredTask,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  const answer = await redeem(core, ref, scope, deadline)
  if (answer.status === 'complete') return answer
  const stale = await staleAnswer(core, task.origin, ref)
  if (stale) return stale
  const given = answerOrThrow(answer)
  return given.status === 'complete' ? given : handOff(core, given, scope)
}

function remember(core: Core, task: LiveTask, record: StoredTask, value: unknown): CallAnswer<unknown> {
  const answer = completeAnswer(record, value)
  const until = Math.min(record.freshUntil ?? 0, Date.now() + core.memoryTtl)
  core.hits.set(task.origin.keyText, { answer, until })
  const { ref, name, title, scope } = record
  core.events.emit('hit', { ref, name, title, scope })
  return answer
}

function unrecorded({ origin }: LiveTask): RaincheckError {
  return new RaincheckError(
    'STORE_UNAVAILABLE',
    `${origin.spec.name} is not done, and the store did not take its record, so no ref can be given; ` +
      'check the store, then make the call again',
  )
}
