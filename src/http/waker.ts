/** How many streams are written to before others get a turn: half a millisecond or so of work. */
const AT_ONCE = 20

/** Wakes many streams without holding up requests: some at a time. */
export class Waker {
  #due: (() => void)[] = []

  wake(sleepers: Iterable<() => void>): void {
    const isIdle = this.#due.length === 0
    this.#due.push(...sleepers)
    if (isIdle && this.#due.length > 0) setImmediate(() => this.#wakeSome())
  }

  #wakeSome(): void {
    const some = this.#due.slice(0, AT_ONCE)
    this.#due = this.#due.slice(AT_ONCE)
    for (const wake of some) wake()
    if (this.#due.length > 0) setImmediate(() => this.#wakeSome())
  }
}
