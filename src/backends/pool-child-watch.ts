// What runs in a thread beside the functions of a child process: they may block its event loop, which then would not hear
// that the parent was killed, and work for nobody, for ever.
import { setInterval } from 'node:timers'
import { workerData } from 'node:worker_threads'

/** How long a child may outlive its parent, in milliseconds. */
const LOOK_EVERY_MS = 1_000

const { parent } = workerData as { parent: number }

// One whose parent has gone is another's child.
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, LOOK_EVERY_MS)
