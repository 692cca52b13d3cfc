import { randomBytes } from 'node:crypto'

/** What is kept of what was told, for streams that fall behind or come back: a minute of 16 events a second. */
const MOST_EVENTS = 1_000
const MOST_BYTES = 2 ** 20

/** The events of one scope, numbered, as the text of a stream; the oldest are dropped. */
export class EventLog {
  /** Tells these numbers from those of another log, such as one before a restart. */
  readonly #epoch = randomBytes(6).toString('hex')
  readonly #events: Buffer[] = []
  #bytes = 0
  #last = 0
  /** What was asked for last: most streams are at the same place, and need no copy each. */
  #chunk = { after: 0, last: 0, bytes: Buffer.alloc(0) }

  /** Number of the newest event. */
  get last(): number {
    return this.#last
  }

  add(name: string, data: string): void {
    const event = encode(name, data, this.#idOf(++this.#last))
    this.#events.push(event)
    this.#bytes += event.length
    while (this.#events.length > MOST_EVENTS || this.#bytes > MOST_BYTES)
      this.#bytes -= this.#events.shift()?.length ?? 0
  }

  /** Says that something was not told: every stream is behind then. */
  skip(): void {
    this.#last++
    this.#events.length = 0
    this.#bytes = 0
  }

  /** What follows that event: empty when nothing does, undefined when some of it is gone. */
  after(number: number): Buffer | undefined {
    const missed = this.#last - number
    if (missed > this.#events.length) return undefined
    if (this.#chunk.after !== number || this.#chunk.last !== this.#last) {
      const bytes = Buffer.concat(missed === 0 ? [] : this.#events.slice(-missed))
      this.#chunk = { after: number, last: this.#last, bytes }
    }
    return this.#chunk.bytes
  }

  /** The number in the id of an event, when all that follows it can be told. */
  numberOf(id: string | undefined): number | undefined {
    const [epoch, text = ''] = (id ?? '').split('.')
    if (epoch !== this.#epoch || !/^\d{1,15}$/.test(text)) return undefined
    const number = Number(text)
    return number <= this.#last && this.#last - number <= this.#events.length ? number : undefined
  }

  /** The first event of a stream, and whenever it has fallen behind: whether what it had missed follows. */
  ready(number: number, resumed: boolean): Buffer {
    return encode('ready', JSON.stringify({ resumed }), this.#idOf(number))
  }

  #idOf(number: number): string {
    return `${this.#epoch}.${number}`
  }
}

/** JSON has no line breaks of its own, which would end the data. */
function encode(name: string, data: string, id: string): Buffer {
  return Buffer.from(`event: ${name}\nid: ${id}\ndata: ${data}\n\n`)
}
