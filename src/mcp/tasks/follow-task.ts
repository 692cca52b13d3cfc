import { RaincheckError } from '../../core/words/errors.js'
import { pause } from '../../core/words/timers.js'
import type { DetailedTask } from './detailed-task.js'
import type { KnownTasks } from './known-tasks.js'

/** How long a store that is away is left alone, in milliseconds. */
const AWAY_MS = 5_000

/**
 * Tells a task as it is now, and then each time it changes, until it has settled or is forgotten. Resolves by then, or when
 * the signal says so. The store is asked, so it does not matter which process runs the task.
 */
export async function followTask(
  taskId: string,
  tasks: KnownTasks,
  signal: AbortSignal,
  tell: (task: DetailedTask) => void,
): Promise<void> {
  let told: string | undefined
  let wait = 0
  while (!signal.aborted) {
    try {
      const task = await tasks.get(taskId, { wait, signal })
      const state = stateOf(task)
      if (state !== told) tell(task)
      told = state
      if (task.pollIntervalMs === undefined) return
      // A task that asks is told at once, however long the wait.
      if (task.inputRequests) await pause(task.pollIntervalMs, signal)
      wait = task.inputRequests ? 0 : task.pollIntervalMs
    } catch (error) {
      if (signal.aborted || !isPassing(error)) return
      await pause(AWAY_MS, signal)
    }
  }
}

/** What is worth telling: times go on by themselves. */
function stateOf({ status, statusMessage, inputRequests = {} }: DetailedTask): string {
  return JSON.stringify([status, statusMessage, Object.keys(inputRequests)])
}

function isPassing(error: unknown): boolean {
  return error instanceof RaincheckError && error.code === 'STORE_UNAVAILABLE'
}
