import TinyQueue from 'tinyqueue'

/** What waits for its turn. */
export interface Waiting {
  readonly ref: string
  readonly scope: string
  /** Whether a function that has lent its slot waits for it. */
  readonly nested: boolean
  priority: number
}

/** A place in the line. One that its owner has left is passed over when its turn comes. */
interface Place<W> {
  readonly waiting: W
  readonly priority: number
  readonly turn: number
}

/**
 * A line that is left by priority, then by turn, and past the scopes that already run as many as they may. Nested calls go first: others
 * wait for them who could not go on.
 */
export class WaitingLine<W extends Waiting> {
  readonly #perScope: number
  #line = new TinyQueue<Place<W>>([], byTurn)
  /** Of scopes that run as many as they may, those whose turn came meanwhile. */
  readonly #full = new Map<string, TinyQueue<Place<W>>>()
  readonly #running = new Map<string, number>()
  /** The place of each that waits. */
  readonly #places = new Map<string, Place<W>>()
  #turns = 0
  /** How many wait. */
  size = 0

  constructor(perScope: number) {
    this.#perScope = perScope
  }

  /** Whether one of them may run: of all that wait the scopes may be full. */
  get hasNext(): boolean {
    return this.#next() !== undefined
  }

  add(waiting: W): void {
    this.size++
    this.#insert(waiting, this.#turns++)
  }

  /** Takes the next one out of the line. */
  take(): W | undefined {
    const next = this.#next()
    if (!next) return undefined
    this.#line.pop()
    this.#places.delete(next.waiting.ref)
    this.size--
    return next.waiting
  }

  /** Takes one out of the line. @returns Whether it was there. */
  remove(waiting: W): boolean {
    if (this.#places.get(waiting.ref)?.waiting !== waiting) return false
    this.#places.delete(waiting.ref)
    this.size--
    // Places that nobody has would pile up behind one that waits for long.
    if (this.#line.length > 2 * this.size + 100) this.#tidy()
    return true
  }

  /** Whether a scope may run one more. */
  hasRoom(scope: string): boolean {
    return this.roomFor(scope) > 0
  }

  /** How many more a scope may run. */
  roomFor(scope: string): number {
    return this.#perScope - (this.#running.get(scope) ?? 0)
  }

  /** Counts one more that runs in a scope. */
  enter(scope: string): void {
    this.#running.set(scope, (this.#running.get(scope) ?? 0) + 1)
  }

  /** Counts one less, and lets the first of those that waited for that back into the line. */
  leave(scope: string): void {
    const left = (this.#running.get(scope) ?? 0) - 1
    if (left > 0) this.#running.set(scope, left)
    else this.#running.delete(scope)
    const full = this.#full.get(scope)
    if (!full || !this.hasRoom(scope)) return
    for (let place = full.pop(); place; place = full.pop())
      if (this.#holds(place)) {
        this.#line.push(place)
        break
      }
    if (full.length === 0) this.#full.delete(scope)
  }

  /** Keeps its turn among those of the new priority. */
  setPriority(ref: string, priority: number): void {
    const place = this.#places.get(ref)
    if (!place || place.priority === priority) return
    place.waiting.priority = priority
    this.#insert(place.waiting, place.turn)
  }

  #insert(waiting: W, turn: number): void {
    const place = { waiting, priority: waiting.priority, turn }
    this.#places.set(waiting.ref, place)
    this.#line.push(place)
  }

  /** The first whose scope has room; those before it are set aside until it has. */
  #next(): Place<W> | undefined {
    for (;;) {
      const place = this.#line.peek()
      if (!place) return undefined
      const holds = this.#holds(place)
      if (holds && this.hasRoom(place.waiting.scope)) return place
      this.#line.pop()
      if (holds) this.#setAside(place)
    }
  }

  #setAside(place: Place<W>): void {
    const { scope } = place.waiting
    const full = this.#full.get(scope)
    if (full) full.push(place)
    else this.#full.set(scope, new TinyQueue([place], byTurn))
  }

  /** Whether it is the place of one that waits. */
  #holds(place: Place<W>): boolean {
    return this.#places.get(place.waiting.ref) === place
  }

  #tidy(): void {
    this.#line = new TinyQueue(
      this.#line.data.filter((place) => this.#holds(place)),
      byTurn,
    )
  }
}

function byTurn(one: Place<Waiting>, other: Place<Waiting>): number {
  return (
    Number(other.waiting.nested) - Number(one.waiting.nested) ||
    other.priority - one.priority ||
    one.turn - other.turn
  )
}
