import { LOG_LIMIT } from './log-limit.js'

/** Room beyond the limit for what became of the task, in bytes. */
const ENDING_BYTES = 64 * 1024

/** How much of an error's message a log has, in characters. */
const LONGEST_OWN = 8 * 1024

/** Lines that are to be written to the log of one task. */
export class GatheredLines {
  readonly #lines: { text: string; isOwn: boolean }[] = []
  #bytes = 0

  /** What its function logged or printed. What no file would take is not kept, however long the disk takes. */
  add(line: string): void {
    if (this.#bytes <= LOG_LIMIT) this.#add(line, false)
  }

  /** What became of it. */
  addOwn(line: string): void {
    this.#add(`raincheck: ${line.slice(0, LONGEST_OWN)}`, true)
  }

  /** What a file takes that has so many bytes: up to its limit, where a line tells that the rest is left out. */
  textAfter(size: number): string {
    const texts: string[] = []
    let at = size
    for (const { text, isOwn } of this.#lines) {
      const fitting = isOwn ? ownText(text, at) : fittingText(text, LOG_LIMIT - at)
      texts.push(fitting)
      at += Buffer.byteLength(fitting)
    }
    return texts.join('')
  }

  #add(line: string, isOwn: boolean): void {
    const text = `${new Date().toISOString()} ${line}\n`
    this.#bytes += Buffer.byteLength(text)
    this.#lines.push({ text, isOwn })
  }
}

function ownText(text: string, at: number): string {
  return at < LOG_LIMIT + ENDING_BYTES ? text : ''
}

function fittingText(text: string, room: number): string {
  if (room <= 0) return ''
  if (Buffer.byteLength(text) < room) return text
  // It fills the room to the end, so that the line that tells is written once, whichever process comes next.
  return `${Buffer.from(text).toString('utf8', 0, room)}\n${LEFT_OUT}`
}

const LEFT_OUT = `raincheck: the log has reached ${LOG_LIMIT / 1024 / 1024} MB; what the function logs from here on is left out\n`
