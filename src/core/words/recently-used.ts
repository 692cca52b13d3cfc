/** A map of the entries used last. */
export class RecentlyUsed<Key, Value> {
  readonly #max: number
  readonly #onGone: (value: Value) => void
  /** In the order they went to the end: the first is the next to go. */
  readonly #entries = new Map<Key, Entry<Value>>()
  /** How many times an entry went to the end. */
  #turns = 0

  /**
   * @param max How many entries are kept: one more pushes out another that has not been used for long.
   * @param onGone Called with each value that was replaced, deleted or pushed out.
   */
  constructor(max: number, onGone: (value: Value) => void = () => {}) {
    this.#max = max
    this.#onGone = onGone
  }

  get size(): number {
    return this.#entries.size
  }

  /** Does not count as a use. */
  has(key: Key): boolean {
    return this.#entries.has(key)
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    // To move it costs ten times the read, so an entry of the newer half stays where it is.
    if (this.#turns - entry.turn > this.#max / 2) {
      this.#entries.delete(key)
      this.#append(key, entry.value)
    }
    return entry.value
  }

  set(key: Key, value: Value): void {
    this.delete(key)
    this.#append(key, value)
    if (this.#entries.size > this.#max) this.delete(this.#entries.keys().next().value as Key)
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#onGone(entry.value)
  }

  #append(key: Key, value: Value): void {
    this.#entries.set(key, { value, turn: ++this.#turns })
  }
}

interface Entry<Value> {
  readonly value: Value
  /** When it went to the end. */
  readonly turn: number
}
