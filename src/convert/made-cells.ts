import { XmlTooLarge } from './xml.js'

/** Counts the cells that a document makes with a number instead of writing them: merged ones, repeated ones. */
export class MadeCells {
  #count = 0

  add(count: number): void {
    this.#count += count
    if (this.#count > MOST) throw new XmlTooLarge('its tables have too many cells')
  }
}

const MOST = 200_000
