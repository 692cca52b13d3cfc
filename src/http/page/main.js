import { createClient } from './client.js'
import { listenToKeys } from './keys.js'
import { Rows } from './rows.js'
import { askForToken, forgetToken, knownToken } from './sign-in.js'
import { addLines, showLog, showResult } from './viewer.js'

/** As many as a list gives at once. */
const PAGE = 1_000

const connection = document.querySelector('#connection')
const notice = document.querySelector('#notice')
const older = document.querySelector('#older')
const leave = document.querySelector('#leave')
const filter = document.querySelector('#filter')
const status = document.querySelector('#status')
const rows = new Rows()
const url = new URL('..', import.meta.url)

/** Of each list that is being read: the tasks that were heard of meanwhile. What was heard is newer than what is read. */
const reading = new Set()

let client = createClient(url, { token: knownToken() })
let cursor

/** Follows the events for as long as the page is open; asks for a token where the server wants one. */
async function follow() {
  leave.hidden = knownToken() === undefined
  try {
    for await (const event of client.events()) heard(event)
  } catch (error) {
    if (error.status !== 401) return tell(error)
    client = createClient(url, { token: await askForToken() })
    return follow()
  }
}

const onEvent = {
  task: ({ task }) => rows.put(task),
  removed: ({ ref }) => rows.remove(ref),
  retry: (event) => rows.failedAttempt(event),
  log: (event) => addLines(event),
  ready: ({ resumed }) => {
    connect('live')
    if (!resumed) attempt(readList)
  },
  lost: () => connect('lost'),
}

function heard(event) {
  for (const refs of reading) refs.add(event.ref ?? event.task?.ref)
  onEvent[event.type]?.(event)
}

/** The newest tasks, and all that have not settled; what is not among them any more has been removed. */
async function readList() {
  await read([{}, { status: 'processing' }, { status: 'pending' }], (refs) => rows.keep(refs))
}

async function readOlder() {
  await read([{ cursor }], () => {})
}

async function read(lists, onRefs) {
  const heardOf = new Set()
  reading.add(heardOf)
  try {
    const found = await Promise.all(lists.map((list) => client.list({ limit: PAGE, ...list })))
    const tasks = found.flatMap((list) => list.tasks)
    onRefs(new Set([...heardOf, ...tasks.map(({ ref }) => ref)]))
    for (const task of tasks) if (!heardOf.has(task.ref)) rows.put(task)
    cursor = found[0].cursor
    older.hidden = cursor === undefined
  } finally {
    reading.delete(heardOf)
  }
}

const onAction = {
  cancel: (task) => client.cancel(task.ref),
  retry: (task) => client.retry(task.ref),
  result: (task) => showResult(client, task),
  log: (task) => showLog(client, task),
}

async function attempt(act) {
  try {
    await act()
    notice.hidden = true
  } catch (error) {
    tell(error)
  }
}

function tell({ message }) {
  notice.textContent = message
  notice.hidden = false
}

function connect(state) {
  connection.dataset.state = state
  connection.textContent = state === 'lost' ? 'connection lost, trying again' : state
}

function pick() {
  rows.filter({ text: filter.value.trim().toLowerCase(), status: status.value })
}

document.querySelector('main').addEventListener('click', ({ target }) => {
  const button = target.closest('button[data-action]')
  const task = rows.taskOf(button)
  if (task) attempt(() => onAction[button.dataset.action](task))
})
document.querySelector('#filters').addEventListener('submit', (event) => event.preventDefault())
filter.addEventListener('input', pick)
status.addEventListener('change', pick)
older.addEventListener('click', () => attempt(readOlder))
leave.addEventListener('click', () => {
  forgetToken()
  location.reload()
})
listenToKeys()
follow()
