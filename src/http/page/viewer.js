import { valueText } from './texts.js'

const dialog = document.querySelector('#viewer')
const title = document.querySelector('#viewer-title')
const text = document.querySelector('#viewer-text')

/** A text longer than this, in characters, would take a browser seconds to lay out. */
const MOST_SHOWN = 1_000_000

let followed

/** Shows the result of a task that is complete. */
export async function showResult(client, task) {
  open(`Result of ${task.title}`, task.ref)
  const { value } = await client.poll(task.ref)
  write(task.ref, valueText(value))
}

/** Shows what a task logged, and goes on with what it logs while that is open. */
export async function showLog(client, task) {
  open(`Log of ${task.title}`, task.ref)
  followed = task.ref
  try {
    write(task.ref, (await client.log(task.ref)) || '(nothing yet)\n')
  } catch (error) {
    if (error.code !== 'LOG_NOT_KEPT') throw error
    write(task.ref, '(this server keeps no logs; what is logged from now on follows)\n')
  }
}

/** Lines that a task has logged just now. */
export function addLines({ ref, lines, dropped = 0 }) {
  if (ref !== followed || !dialog.open) return
  const left = dropped > 0 ? `(${dropped} lines are left out)\n` : ''
  text.value += `${left}${lines.join('\n')}\n`
  text.scrollTop = text.scrollHeight
}

function open(heading, ref) {
  title.textContent = heading
  text.value = 'loading …'
  dialog.dataset.ref = ref
  followed = undefined
  dialog.showModal()
}

function write(ref, all) {
  // Another may have been opened meanwhile.
  if (dialog.dataset.ref !== ref) return
  const cut = all.length > MOST_SHOWN
  text.value = cut ? `${all.slice(0, MOST_SHOWN)}\n(${all.length - MOST_SHOWN} more characters)` : all
}
