import { SingleBar } from 'cli-progress'
import type { Progress } from '../../../index.js'

/** A bar at the foot of the terminal, which is gone at the end; nothing at all off a terminal. */
export class ProgressBar {
  readonly #bar = process.stderr.isTTY ? createBar() : undefined
  #isShown = false

  readonly show = (title: string, { current = 0, total = 0, message = '' }: Progress): void => {
    if (!this.#bar || total === 0) return
    const payload = { title, message }
    if (this.#isShown) {
      this.#bar.setTotal(total)
      this.#bar.update(current, payload)
    } else this.#bar.start(total, current, payload)
    this.#isShown = true
  }

  /** Makes room for a line that stays. */
  clear(): void {
    if (this.#isShown) this.#bar?.stop()
    this.#isShown = false
  }
}

function createBar(): SingleBar {
  return new SingleBar({
    format: '{title} [{bar}] {percentage} % ({message}), {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    // Lines that wrap could not be written over.
    linewrap: false,
    etaBuffer: 20,
  })
}
