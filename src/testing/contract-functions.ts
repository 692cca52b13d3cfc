// The functions that the contract of backends runs; in a module of their own, so that a process pool can, too.
import { existsSync, writeFileSync } from 'node:fs'
import type { TaskHandle } from '../core/words/backend.js'

/** Gives its input back. */
export async function echo(input: unknown): Promise<unknown> {
  return input
}

/** Throws an error with a code and a property. */
export async function fail({ message }: { message: string }): Promise<never> {
  throw Object.assign(new RangeError(message), { code: 'E_CONTRACT', status: 418 })
}

/** Tells what its handle says, by every way there is to tell. */
export async function tell(_: unknown, task: TaskHandle): Promise<object> {
  task.progress({ current: 1, total: 2, message: 'half' })
  task.log('a line')
  return { ref: task.ref, scope: task.scope, attempt: task.attempt, aborted: task.signal.aborted }
}

/** Asks two things at once, and gives their answers. */
export async function askTwo(_: unknown, task: TaskHandle): Promise<unknown[]> {
  const colour = task.ask('colour', { message: 'Which colour?' })
  const size = task.ask('size', { message: 'Which size?' })
  return Promise.all([colour, size])
}

/** Says by a file that it runs, and ends when another file is there, or its own is gone: what any process can see. */
export async function waitForFile({ started, until }: { started: string; until: string }): Promise<string> {
  writeFileSync(started, '')
  while (existsSync(started) && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 2))
  return started
}
