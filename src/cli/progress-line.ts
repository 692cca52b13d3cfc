import type { OnProgress } from './convert-files.js'
import { describeProgress } from './describe-answer.js'

/** One line at the foot of the terminal that is written over; nothing at all off a terminal. */
export class ProgressLine {
  readonly #stream = process.stderr
  #shown = false

  readonly show: OnProgress = (title, progress) => {
    if (!this.#stream.isTTY) return
    this.#stream.write(`\r\x1b[K${shorten(`${title}: ${describeProgress(progress)}`, this.#stream.columns)}`)
    this.#shown = true
  }

  /** Makes room for a line that stays. */
  clear(): void {
    if (this.#shown) this.#stream.write('\r\x1b[K')
    this.#shown = false
  }
}

/** A line that wraps could not be written over. */
function shorten(line: string, columns = 80): string {
  return line.length < columns ? line : `${line.slice(0, columns - 2)}…`
}
