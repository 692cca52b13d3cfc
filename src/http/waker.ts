/** How many streams are written to at a time (a quarter of a millisecond of work), and how long others then have, in milliseconds. */
const AT_ONCE = 5
const REST_MS = 2

/** Something that waits for news, while it has a `wake`. */
export interface Sleeper {
  wake: (() => void) | undefined
}

/** Wakes many streams without holding up requests: some at a time, a thousand in half a second. */
export class Waker {
  readonly #due = new Set<Sleeper>()
  #resting: NodeJS.Timeout | undefined

  wake(sleepers: Iterable<Sleeper>): void {
    for (const sleeper of sleepers) if (sleeper.wake) this.#due.add(sleeper)
    if (!this.#resting) this.#wakeSome()
  }

  #wakeSome(): void {
    let left = AT_ONCE
    for (const sleeper of this.#due) {
      if (left-- === 0) break
      this.#due.delete(sleeper)
      sleeper.wake?.()
    }
    this.#resting = this.#due.size > 0 ? setTimeout(() => this.#wakeSome(), REST_MS) : undefined
  }
}
