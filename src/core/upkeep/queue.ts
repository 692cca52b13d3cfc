import type { Engine } from '../task/engine.js'
import type { BackendStats, TaskBackend } from '../words/backend.js'
import { finite } from '../words/check-option.js'
import type { Ref } from '../words/ref.js'

/** What waits and runs in this process. */
export interface Queue {
  /** Of all backends that are in use here, together. */
  stats(): BackendStats
  /** Starts no more tasks; those that run go on. */
  pause(): void
  /** Undoes `pause`. */
  resume(): void
  /**
   * Changes the turn of a task of this process that waits: higher first. A ref that is not of such a task is passed over.
   * @throws RaincheckError `INVALID_OPTION` for what is no finite number.
   */
  setPriority(ref: Ref, priority: number): void
}

export function createQueue(engine: Engine, backends: Set<TaskBackend>): Queue {
  return {
    stats: () => {
      const all = [...backends].map((backend) => backend.stats())
      const sum = (of: 'waiting' | 'running' | 'abandoned') => all.reduce((total, one) => total + one[of], 0)
      return {
        waiting: sum('waiting'),
        running: sum('running'),
        abandoned: sum('abandoned'),
        paused: all.every(({ paused }) => paused),
      }
    },
    pause: () => {
      for (const backend of backends) backend.pause()
    },
    resume: () => {
      for (const backend of backends) backend.resume()
    },
    setPriority: (ref, priority) => {
      const wanted = finite('priority', priority)
      const task = engine.registry.get(ref)
      if (!task) return
      task.origin.priority = wanted
      task.origin.spec.backend.setPriority(ref, priority)
    },
  }
}
