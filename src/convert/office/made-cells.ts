import { XmlTooLarge } from '../xml.js'

/** Counts the cells that a document makes with a number instead of writing them: merged ones, repeated ones. */
export class MadeCells {
  #count = 0
  #characters = 0

  /** @param characters How long each of them is. */
  add(count: number, characters = 0): void {
    this.#count += count
    this.#characters += count * characters
    if (this.#count > MOST || this.#characters > MOST_CHARACTERS)
      throw new XmlTooLarge('its tables have too many cells')
  }
}

const MOST = 200_000
const MOST_CHARACTERS = 64_000_000
