/** How many outcomes wait for the store at most, and how many characters of text their values are in all. */
const MOST_TASKS = 1_000
const MOST_CHARACTERS = 64 * 1024 * 1024

/** Counts the tasks whose outcomes the store did not take so far, and bounds what they keep in memory. */
export class Unstored {
  /** With the lengths of their values as text. */
  readonly #kept = new Map<object, number>()
  #characters = 0
  /** How many there are, with and without a value. */
  count = 0

  /**
   * Keeps one more outcome.
   * @param isNeeded Whether somebody may have the ref. Half of the room is left to those.
   * @returns Whether there was room for it. A single one always has.
   */
  keep(task: object, characters: number, isNeeded: boolean): boolean {
    const share = isNeeded ? 1 : 0.5
    const isFull =
      this.#kept.size >= MOST_TASKS * share || this.#characters + characters > MOST_CHARACTERS * share
    if (isFull && this.#kept.size > 0) return false
    this.#kept.set(task, characters)
    this.#characters += characters
    return true
  }

  release(task: object): void {
    this.#characters -= this.#kept.get(task) ?? 0
    this.#kept.delete(task)
  }
}
