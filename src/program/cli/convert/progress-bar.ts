import { fstatSync } from 'node:fs'
import type { SingleBar } from 'cli-progress'
import type { Progress } from '../../../index.js'

/** A bar at the foot of the terminal, which is gone at the end; nothing at all off a terminal. */
export class ProgressBar {
  readonly #bar: SingleBar | undefined
  #isShown = false

  private constructor(bar: SingleBar | undefined) {
    this.#bar = bar
  }

  static async create(): Promise<ProgressBar> {
    return new ProgressBar(isTerminal() ? await createBar() : undefined)
  }

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

const STDERR = 2

/** Asks the stream only where it may be one: to load that takes longer than the question. */
function isTerminal(): boolean {
  try {
    return fstatSync(STDERR).isCharacterDevice() && process.stderr.isTTY
  } catch {
    return false
  }
}

async function createBar(): Promise<SingleBar> {
  const { default: progress } = await import('cli-progress')
  return new progress.SingleBar({
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
