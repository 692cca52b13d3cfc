import { far, isLive, took } from './texts.js'

const template = document.querySelector('#row')

/** The row of one task: its element, made once, into which changes are written. */
export class Row {
  constructor(ref) {
    this.element = template.content.firstElementChild.cloneNode(true)
    this.element.dataset.ref = ref
    this.parts = Object.fromEntries(
      ['title', 'name', 'status', 'progress', 'far', 'error', 'took', 'attempts', 'ref', 'metadata'].map(
        (part) => [part, this.element.querySelector(`.${part}`)],
      ),
    )
    this.bar = this.element.querySelector('progress')
    this.actions = new Map(
      [...this.element.querySelectorAll('button')].map((button) => [button.dataset.action, button]),
    )
    write(this.parts.ref, ref)
  }

  /** What stands under the title when a task will be tried again. */
  failedAttempt({ attempt, error }) {
    this.retrying = { attempt, message: error.message }
  }

  show(task) {
    this.task = task
    const { element, parts } = this
    element.dataset.status = task.status
    write(parts.title, task.title)
    write(parts.name, task.name)
    write(parts.metadata, task.metadata === undefined ? '' : JSON.stringify(task.metadata))
    write(parts.status, task.interrupted ? `${task.status}, interrupted` : task.status)
    this.#showProgress(task)
    this.#showTrouble(task)
    this.tick()
    const offered = {
      result: task.status === 'complete',
      log: true,
      retry: task.status === 'failed' || task.status === 'cancelled',
      cancel: isLive(task),
    }
    for (const [action, button] of this.actions) {
      button.hidden = !offered[action]
      button.setAttribute('aria-label', `${button.textContent}: ${task.title}`)
    }
  }

  /** What changes with the time alone. */
  tick() {
    write(this.parts.took, took(this.task, Date.now()))
  }

  /** Whether it is among those that are looked for. */
  matches({ text, status }) {
    const { task } = this
    if (status !== '' && task.status !== status) return false
    return text === '' || `${task.title}\n${task.name}\n${task.ref}`.toLowerCase().includes(text)
  }

  #showProgress({ status, progress }) {
    const isShown = isLive({ status }) && progress !== undefined
    this.parts.progress.hidden = !isShown
    if (!isShown) return
    // Without a value it only says that something is going on.
    if (progress.percentage === undefined) this.bar.removeAttribute('value')
    else this.bar.value = progress.percentage
    write(this.parts.far, far(progress))
  }

  #showTrouble({ status, error }) {
    const retrying = isLive({ status }) ? this.retrying : undefined
    const attempts = error?.attempts?.length ?? retrying?.attempt ?? 0
    const message =
      error?.message ?? (retrying ? `attempt ${retrying.attempt} failed: ${retrying.message}` : '')
    this.parts.error.hidden = message === ''
    write(this.parts.error, error?.code ? `${error.code}: ${message}` : message)
    write(this.parts.attempts, attempts > 1 || retrying ? `· ${attempts} failed attempts` : '')
  }
}

/** The browser lays out anew what is written to, even when it is the same. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}
