import { expect, vi } from 'vitest'
import { STORE_DEADLINE_MS } from '../../src/core/words/timers.js'
import type { Answer, CallAnswer, Raincheck } from '../../src/index.js'
import { type Fault, faultyStores, type StoreTraits } from './faulty-stores.js'
import { pass, rainWith } from './rain.js'

/** Nothing may take longer: 30 s for a record that cannot be written, and 5 s for each call of a store that hangs. */
const LONGEST_MS = 60_000

export type Outcome<T> = { value: T; error?: never } | { value?: never; error: Error & { code?: string } }

/** One life of a raincheck on stores of which one call may go wrong, and what it owes to those it gave refs. */
export class Life {
  readonly rain: Raincheck
  /** The names of the calls that the stores have had. */
  readonly calls: readonly string[]
  readonly #start: () => Raincheck
  readonly #rains: Raincheck[] = []
  readonly #owed = new Map<string, object>()
  readonly #hangs: boolean
  readonly #unhandled: unknown[] = []
  readonly #listener = (reason: unknown) => void this.#unhandled.push(reason)

  constructor(traits: StoreTraits, fault?: Fault) {
    const { tasks, values, calls } = faultyStores(traits, fault)
    this.calls = calls
    this.#hangs = fault?.kind === 'hangs'
    this.#start = () => rainWith({ tasks, values$: values })
    this.rain = this.another()
    process.on('unhandledRejection', this.#listener)
  }

  /** Another process on the same stores. */
  another(): Raincheck {
    const rain = this.#start()
    this.#rains.push(rain)
    return rain
  }

  /** Lets time pass until the promise has settled. */
  async outcome<T>(promise: Promise<T>): Promise<Outcome<T>> {
    let outcome: Outcome<T> | undefined
    promise.then(
      (value) => {
        outcome = { value }
      },
      (error) => {
        outcome = { error }
      },
    )
    for (let waited = 0; outcome === undefined && waited <= LONGEST_MS; waited += 500) await pass(500)
    if (!outcome) throw new Error(`it hangs: not settled after ${LONGEST_MS} ms`)
    return outcome
  }

  /** What only reads the store may meet the fault, and says so. Then it is asked again. */
  async read<T>(ask: () => Promise<T>, again = ask): Promise<Outcome<T>> {
    const outcome = await this.outcome(ask())
    if (outcome.error?.code !== 'STORE_UNAVAILABLE') return outcome
    await this.recover()
    return this.outcome(again())
  }

  /** A ref from a caller's answer: it will be redeemed for this when the stores are whole again. */
  owes(outcome: Outcome<CallAnswer<unknown>>, expected: object): string {
    expect(outcome.error, 'one fault does not cost a caller the ref').toBeUndefined()
    const ref = outcome.value?.ref ?? ''
    this.#owed.set(ref, expected)
    return ref
  }

  /** Takes back what is owed for a ref, since it is known to be gone. */
  forgets(ref: string): void {
    this.#owed.delete(ref)
  }

  recover(): Promise<unknown> {
    return pass(LONGEST_MS)
  }

  /** Redeems what is owed, closes, and looks whether anything is left behind. */
  async end(): Promise<void> {
    await this.recover()
    for (const [ref, expected] of this.#owed)
      expect((await this.read<Answer<unknown>>(() => this.rain.poll(ref))).value).toMatchObject(expected)
    for (const rain of this.#rains) expect(await this.outcome(rain.close({ drain: '1s' }))).toEqual({})
    // A call that hangs has its deadline still, and nothing else.
    expect(vi.getTimerCount(), 'no timer is left').toBeLessThanOrEqual(this.#hangs ? 1 : 0)
    await pass(STORE_DEADLINE_MS)
    expect(vi.getTimerCount(), 'no timer is left after the deadline').toBe(0)
    expect(this.#unhandled, 'no rejection goes unheard').toEqual([])
  }

  /** Undoes what reaches beyond this life. */
  leave(): void {
    process.off('unhandledRejection', this.#listener)
  }
}
