import { Row } from './row.js'
import { isLive } from './texts.js'

/** How long rows are drawn in one frame, in milliseconds: the rest of its 16 is the browser's. */
const FRAME_MS = 8

/** Of more the browser has to keep too much; the list has them still. */
const MOST_SETTLED = 5_000

const lists = Object.fromEntries(
  ['running', 'waiting', 'settled'].map((name) => [
    name,
    { list: document.querySelector(`#${name}`), count: document.querySelector(`#${name}-count`) },
  ]),
)

/** The rows of all tasks. What has changed is drawn frame by frame, so that a thousand at once hold up nothing. */
export class Rows {
  #rows = new Map()
  #changed = new Map()
  #frame
  #filter = { text: '', status: '' }
  #attempts = new Map()

  constructor() {
    setInterval(() => this.#tick(), 1_000)
  }

  /** Shows what is known of a task now. */
  put(task) {
    this.#changed.set(task.ref, task)
    this.#draw()
  }

  failedAttempt(event) {
    this.#attempts.set(event.ref, event)
    const { task } = this.#rows.get(event.ref) ?? {}
    if (task && !this.#changed.has(event.ref)) this.put(task)
  }

  remove(ref) {
    this.#changed.delete(ref)
    this.#attempts.delete(ref)
    this.#rows.get(ref)?.element.remove()
    this.#rows.delete(ref)
    this.#draw()
  }

  /** Only those stay that are given, such as those of a list that was read anew. */
  keep(refs) {
    for (const ref of this.#rows.keys()) if (!refs.has(ref)) this.remove(ref)
  }

  filter(filter) {
    this.#filter = filter
    for (const row of this.#rows.values()) row.element.hidden = !row.matches(filter)
    this.#count()
  }

  taskOf(element) {
    return this.#rows.get(element?.closest('li')?.dataset.ref)?.task
  }

  #draw() {
    this.#frame ??= requestAnimationFrame(() => {
      const until = performance.now() + FRAME_MS
      for (const [ref, task] of this.#changed) {
        this.#changed.delete(ref)
        this.#show(task)
        if (performance.now() > until) break
      }
      this.#frame = undefined
      if (this.#changed.size > 0) this.#draw()
      else this.#finish()
    })
  }

  #show(task) {
    const row = this.#rows.get(task.ref) ?? new Row(task.ref)
    this.#rows.set(task.ref, row)
    const attempt = this.#attempts.get(task.ref)
    if (attempt) row.failedAttempt(attempt)
    if (!isLive(task)) this.#attempts.delete(task.ref)
    const before = row.task
    row.show(task)
    row.element.hidden = !row.matches(this.#filter)
    const list = listOf(task)
    if (row.element.parentNode !== list || sortKey(before) !== sortKey(task)) place(row, list, this.#rows)
  }

  #finish() {
    const { children } = lists.settled.list
    while (children.length > MOST_SETTLED) this.remove(children[children.length - 1].dataset.ref)
    this.#count()
  }

  #count() {
    for (const { list, count } of Object.values(lists)) {
      const shown = list.querySelectorAll('li:not([hidden])').length
      count.textContent = shown
    }
  }

  #tick() {
    if (document.hidden) return
    for (const row of this.#rows.values()) if (isLive(row.task) && !row.element.hidden) row.tick()
  }
}

function listOf({ status }) {
  return lists[status === 'processing' ? 'running' : status === 'pending' ? 'waiting' : 'settled'].list
}

/** The newest first: of those that have settled, the last that did. */
function sortKey({ settledAt, createdAt }) {
  return settledAt ?? createdAt
}

/** Most are the newest or the oldest of their list; in between the place is searched by halves. */
function place({ element, task }, list, rows) {
  const focused = element.contains(document.activeElement) ? document.activeElement : undefined
  element.remove()
  const others = list.children
  const key = sortKey(task)
  let [low, high] = [0, others.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sortKey(rows.get(others[middle].dataset.ref).task) > key) low = middle + 1
    else high = middle
  }
  list.insertBefore(element, others[low] ?? null)
  // Who moves an element takes the focus from it. A button may be gone by then; the row is not.
  if (focused) (focused.hidden ? element : focused).focus()
}
