// What runs in a child process of the pool: it loads the function that it is told, and runs it.
import { Worker } from 'node:worker_threads'
import { loadWork, type ModuleAddress } from '../../core/options/from-module.js'
import { createTaskHandle } from '../../core/task/handle.js'
import { whyUnstorable } from '../../core/values/why-unstorable.js'
import type { ProgressReport } from '../../core/words/answer.js'
import type { Work } from '../../core/words/backend.js'
import { describeError, RaincheckError } from '../../core/words/errors.js'
import { OutputLines } from './child-output.js'
import type { ChildWatch, FromChild, ToChild } from './messages.js'

/** Progress goes to the parent at most every 50 ms; it writes only 4 a second. */
const PROGRESS_EVERY_MS = 50

const output = new OutputLines((line) => send({ type: 'log', line }))

process.on('disconnect', () => process.exit())
const [memoryLimit] = process.argv.slice(2).map(Number)
const workerData: ChildWatch = { parent: process.ppid, memoryLimit }
// It is no ES module: to load one takes a thread half as long again.
new Worker(new URL('./child-watch.cjs', import.meta.url), { workerData }).unref()
// Ctrl-C reaches the whole group of processes; what is to end here is the parent's decision.
process.on('SIGINT', () => {})
process.on('message', (message: ToChild) => {
  // A module that does not load fails the task that needs it.
  if (message.type === 'load') workAt(message.address).catch(() => {})
  else void run(message)
})

/** An abort ends this process, so that its functions never see one. */
const neverAborted = new AbortController().signal

const loaded = new Map<string, Promise<Work>>()

/** import() of a module that is loaded still takes longer than a trivial function. */
function workAt(address: ModuleAddress): Promise<Work> {
  const key = `${address.url} ${address.path.join('.')}`
  const found = loaded.get(key)
  if (found) return found
  const work = loadWork(address)
  loaded.set(key, work)
  // One that does not load now may load later.
  work.catch(() => loaded.delete(key))
  return work
}

async function run({
  address,
  input,
  ref,
  scope,
  attempt,
  answers,
}: ToChild & { type: 'run' }): Promise<void> {
  const progress = new ProgressGate()
  const handle = createTaskHandle(
    { ref, scope, attempt, answers },
    {
      signal: neverAborted,
      progress: (report) => progress.tell(report),
      log: (line) => send({ type: 'log', line }),
      ask: (requests) => send({ type: 'ask', requests }),
    },
  )
  try {
    const work = await workAt(address)
    const value = await work(input as never, handle)
    flush(progress)
    sendValue(value)
  } catch (error) {
    flush(progress)
    send({ type: 'error', error: describeError(error), isFull: isFull() })
  }
}

/** What was told goes out before the end. */
function flush(progress: ProgressGate): void {
  output.flush()
  progress.flush()
}

/** Without a timer, since the work may block the event loop: what is held back goes out with a later report, or the end. */
class ProgressGate {
  #held: ProgressReport | undefined
  #sentAt = 0

  tell(report: ProgressReport): void {
    this.#held = report
    if (Date.now() - this.#sentAt >= PROGRESS_EVERY_MS) this.flush()
  }

  flush(): void {
    if (!this.#held) return
    send({ type: 'progress', report: this.#held })
    this.#held = undefined
    this.#sentAt = Date.now()
  }
}

function sendValue(value: unknown): void {
  try {
    send({ type: 'value', value, isFull: isFull() })
  } catch (cause) {
    const why = whyUnstorable('value', value, 'be sent to another process')
    throw new RaincheckError('INVALID_VALUE', `${why}; return plain data`, { cause })
  }
}

/** What tasks leave behind is collected late; the limit is for one task, whichever ran before it. */
function isFull(): boolean {
  return memoryLimit !== undefined && process.memoryUsage.rss() > (memoryLimit / 2) * 2 ** 20
}

function send(message: FromChild): void {
  process.send?.(message)
}
