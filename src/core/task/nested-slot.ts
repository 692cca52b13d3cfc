import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as atTurnsEnd } from 'node:timers'
import { RaincheckError } from '../words/errors.js'
import type { Ref } from '../words/ref.js'

/** A task that a function waits for. */
export interface Callee {
  readonly ref: Ref
  /** Name of its function. */
  readonly name: string
}

/**
 * The slot that a function runs in. While nested calls are open its task counts as waiting: the slot is lent, once, however many they are.
 * The slot is taken back before each answer, and lent again in the next turn of the event loop if calls are still open.
 */
export abstract class Slot {
  /** What runs in it. */
  protected abstract readonly task: Callee
  // Most functions make no nested call, so these are made by the first.
  #open: Set<Callee> | undefined
  /** Answers that wait for the slot. */
  #answers: (() => void)[] | undefined
  #state: 'held' | 'lent' | 'ended' = 'held'
  #stopReturn: (() => void) | undefined
  #lending: NodeJS.Immediate | undefined

  /** Lets others have the slot meanwhile. */
  protected abstract give(): void

  /** Calls back once the slot is taken again, perhaps at once. @returns Ends that. */
  protected abstract regain(onTaken: () => void): () => void

  /** Gives the slot up for good. @param isHeld Whether it had it, or has lent it. */
  protected abstract free(isHeld: boolean): void

  private get openCalls(): Iterable<Callee> | undefined {
    return this.#open
  }

  get hasEnded(): boolean {
    return this.#state === 'ended'
  }

  /** Whether a nested call that begins now is the one that gets it. */
  get canLend(): boolean {
    return this.#state === 'held' && !this.#open?.size
  }

  /** A nested call begins. @returns To be called with what gives the function its answer. */
  open({ ref, name }: Callee): (answer: () => void) => void {
    // Of its own: two calls may wait for one task.
    const call = { ref, name }
    if (this.#state !== 'ended') {
      this.#open ??= new Set()
      this.#open.add(call)
      waiting.set(this.task.ref, this)
      this.#lendSoon()
    }
    return (answer) => this.#close(call, answer)
  }

  /** Lends it at once, to a nested call that would have to wait for a slot. */
  lend(): void {
    clearImmediate(this.#lending)
    if (this.#state !== 'held' || !this.#open?.size) return
    this.#state = 'lent'
    this.give()
  }

  /** The job is over, or its attempt is: nothing is taken back anymore. The first end counts. */
  end(): void {
    if (this.#state === 'ended') return
    const isHeld = this.#state === 'held'
    this.#state = 'ended'
    this.#stopReturn?.()
    clearImmediate(this.#lending)
    waiting.delete(this.task.ref)
    this.free(isHeld)
    if (this.#answers) this.#giveAnswers()
  }

  /** The names of the tasks from one that this waits for to `ref`; undefined where it does not wait for that. */
  static pathTo(ref: Ref, from: Callee): string[] | undefined {
    const seen = new Set<Ref>()
    // Not by recursion: tasks nest deeper than the stack.
    const paths: { callee: Callee; before: number }[] = [{ callee: from, before: -1 }]
    for (let at = 0; at < paths.length; at++) {
      const { callee } = paths[at] as (typeof paths)[number]
      if (callee.ref === ref) return namesTo(paths, at)
      if (seen.has(callee.ref)) continue
      seen.add(callee.ref)
      const open = waiting.get(callee.ref)?.openCalls ?? []
      for (const next of open) paths.push({ callee: next, before: at })
    }
    return undefined
  }

  /** @throws RaincheckError `INVALID_INPUT` for a task that waits for this one, directly or through others: neither would ever end. */
  refuseRing(callee: Callee): void {
    const path = this.#state === 'ended' ? undefined : Slot.pathTo(this.task.ref, callee)
    if (!path) return
    const ring = [this.task.name, ...path].join(' → ')
    throw new RaincheckError(
      'INVALID_INPUT',
      `${callee.name} would wait for itself: ${ring}; call it with another input, or with asyncTimeout: 0, which does not wait`,
    )
  }

  /** In the next turn: nested calls that begin in this one go first. */
  #lendSoon(): void {
    clearImmediate(this.#lending)
    this.#lending = setImmediate(() => this.lend())
  }

  #close(call: Callee, answer: () => void): void {
    this.#open?.delete(call)
    if (!this.#open?.size) waiting.delete(this.task.ref)
    if (this.#state !== 'lent') {
      answer()
      return
    }
    if (this.#answers) this.#answers.push(answer)
    else {
      this.#answers = [answer]
      this.#stopReturn = this.regain(() => this.#onReturn())
    }
  }

  #onReturn(): void {
    this.#state = 'held'
    this.#giveAnswers()
    if (this.#open?.size) this.#lendSoon()
  }

  #giveAnswers(): void {
    const answers = this.#answers ?? []
    this.#answers = undefined
    for (const answer of answers) answer()
  }
}

/** For a backend that runs functions in this process: what the work calls is known to come from this slot. */
export function runInSlot<Args extends unknown[], T>(
  slot: Slot,
  work: (...args: Args) => T,
  ...args: Args
): T {
  running++
  return storage.run(slot, work, ...args)
}

/** Called once for each `runInSlot`, when its work has ended. */
export function leaveSlot(): void {
  running--
  if (running > 0 || endsInTurn++ > 0) return
  storage.disable()
  atTurnsEnd(endTurn)
}

/** The slot that the caller runs in. Where nothing runs nobody need be asked, which is most of what a hit costs. */
export function callersSlot(): Slot | undefined {
  return running === 0 ? undefined : storage.getStore()
}

/** Follows a nested call: its function gets the answer, or the error, once it has its slot again. */
export function inSlot<T>(slot: Slot, callee: Callee, answer: Promise<T>): Promise<T> {
  const close = slot.open(callee)
  return new Promise((resolve, reject) => {
    answer.then(
      (value) => close(() => resolve(value)),
      (error) => close(() => reject(error)),
    )
  })
}

const storage = new AsyncLocalStorage<Slot>()
let running = 0
/** How often nothing ran anymore in this turn of the event loop. */
let endsInTurn = 0

/**
 * While `storage` is on, every promise of the process takes longer, by 0.1 µs on Node 20, so it is turned off when nothing runs. That takes 4 µs
 * with the turning on: in a burst of quick tasks it stays on until the turn ends.
 */
function endTurn(): void {
  if (endsInTurn > 1 && running === 0) storage.disable()
  endsInTurn = 0
}

/** The slots whose functions wait for nested calls, by the refs of their tasks. */
const waiting = new Map<Ref, Slot>()

function namesTo(paths: readonly { callee: Callee; before: number }[], end: number): string[] {
  const names: string[] = []
  for (let at = end; at >= 0; at = paths[at]?.before ?? -1) names.unshift(paths[at]?.callee.name ?? '')
  return names
}
