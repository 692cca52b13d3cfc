// What runs in a thread beside the functions of a child process: they may block its event loop, which then would neither
// hear that the parent was killed, and work for nobody, for ever, nor see how much memory they take.
import { writeSync } from 'node:fs'
import { setInterval } from 'node:timers'
import { workerData } from 'node:worker_threads'
import { type ChildWatch, OVER_MEMORY_LIMIT } from './messages.js'

/** How long a child may outlive its parent, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** What a function takes between two looks comes on top of the limit. A look takes about 20 µs. */
const WEIGH_EVERY_MS = 100

const STDERR = 2

const { parent, memoryLimit } = workerData as ChildWatch

// One whose parent has gone is another's child.
setInterval(() => {
  if (process.ppid !== parent) end()
}, LOOK_EVERY_MS)

if (memoryLimit !== undefined) {
  const mostBytes = memoryLimit * 2 ** 20
  setInterval(() => {
    if (process.memoryUsage.rss() <= mostBytes) return
    tell(OVER_MEMORY_LIMIT)
    end()
  }, WEIGH_EVERY_MS)
}

/** By the pipe and not by a message, which only the blocked thread could send. */
function tell(text: string): void {
  try {
    writeSync(STDERR, text)
  } catch {
    // A full pipe; the process has to end all the same.
  }
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
