import { describeError, RaincheckError } from '../words/errors.js'
import { repeatUntilClosed } from '../words/timers.js'
import type { Engine } from './engine.js'
import type { LiveTask } from './live-task.js'
import type { Outcome } from './outcome.js'
import { isEnded } from './state.js'
import { type Ending, settlementOf, storeOutcome } from './store-outcome.js'

/** The wait before an outcome is stored again grows from the one to the other, in milliseconds. */
const STORE_AGAIN = { first: 250, longest: 30_000 }

/** After so long, in milliseconds, a store that takes the end of a task, but not its value, will not take the value. */
const REFUSED_AFTER_MS = 60_000

/** A value whose store is away is kept for as long as its ref could be redeemed, but no longer than this, in milliseconds. */
const LONGEST_MS = 3_600_000

/**
 * For an outcome that the store did not take: tries again, until the store has it, or it is given up. A value that was given up leaves a task that has
 * failed: its record must not stay live for as long as this process does.
 */
export async function storeAgain(engine: Engine, task: LiveTask, first: Error): Promise<Ending> {
  const { unstored } = engine
  unstored.count++
  try {
    return await new Storing(engine, task, first).end()
  } finally {
    unstored.count--
    unstored.release(task)
  }
}

class Storing {
  readonly #engine: Engine
  readonly #task: LiveTask
  readonly #keptUntil: number
  #reason: Error
  #ending: Ending = 'give-up'

  constructor(engine: Engine, task: LiveTask, first: Error) {
    this.#engine = engine
    this.#task = task
    this.#reason = first
    const { settlement, text = '' } = settlementOf(engine, task, task.outcome as Outcome)
    this.#keptUntil = Math.min(settlement.expiresAt, settlement.settledAt + LONGEST_MS)
    this.#failed(first)
    if (!engine.unstored.keep(task, text.length, mayBeKnown(task))) this.#giveUp()
  }

  async end(): Promise<Ending> {
    if (!isEnded(this.#task)) await repeatUntilClosed(this.#engine, STORE_AGAIN, () => this.#try())
    return this.#ending
  }

  async #try(): Promise<boolean> {
    const task = this.#task
    if (Date.now() >= this.#keptUntil) this.#giveUp()
    if (isEnded(task) || isSuperseded(this.#engine, task)) return true
    if (await this.#store(task.outcome as Outcome)) return true
    if (!this.#isRefused()) return false
    const lost = this.#withoutValue()
    const isStored = await this.#store(lost)
    if (isStored) this.#tell(lost.thrown)
    return isStored
  }

  async #store(outcome: Outcome): Promise<boolean> {
    try {
      this.#ending = await storeOutcome(this.#engine, this.#task, outcome)
      return true
    } catch (error) {
      this.#failed(error as Error)
      return false
    }
  }

  #failed(error: Error): void {
    this.#reason = error
    this.#tell(error)
    if (this.#task.to('fail')) this.#task.changed()
  }

  #tell(error: Error): void {
    this.#engine.events.emit('store-error', { error, ref: this.#task.ref })
  }

  #isRefused(): boolean {
    const { outcome } = this.#task
    return outcome?.status === 'complete' && Date.now() >= outcome.settledAt + REFUSED_AFTER_MS
  }

  /** Lets go of the value; of the whole task where the store has no record that needs an end. */
  #giveUp(): void {
    const { unstored, registry } = this.#engine
    const task = this.#task
    unstored.release(task)
    if (task.record === 'none' || task.record === 'others') task.to('give-up')
    else if (task.outcome?.status === 'complete') {
      const lost = this.#withoutValue()
      registry.freeKey(task)
      task.end('lose-value', lost)
      this.#tell(lost.thrown)
    }
    task.changed()
  }

  #withoutValue(): Extract<Outcome, { status: 'failed' }> & { thrown: Error } {
    const { name, outcome } = this.#task
    const thrown = new RaincheckError(
      'STORE_UNAVAILABLE',
      `${name} is done, but the store did not take its value, which is lost (${this.#reason.message}); ` +
        'check the store and the size of values that it takes, then make the call again',
      { cause: this.#reason },
    )
    const settledAt = outcome?.settledAt ?? Date.now()
    return { status: 'failed', thrown, info: describeError(thrown), retryable: true, settledAt, isLost: true }
  }
}

/** While it had no record another task for its key began, whose value is newer. */
function isSuperseded({ registry }: Engine, task: LiveTask): boolean {
  const { outcome, origin } = task
  return (
    !mayBeKnown(task) && outcome?.status === 'complete' && registry.byKey(origin.keyText)?.outcome !== outcome
  )
}

/** Whether somebody may have its ref. */
function mayBeKnown({ record, recordedAt }: LiveTask): boolean {
  return record === 'ours' || recordedAt !== undefined
}
