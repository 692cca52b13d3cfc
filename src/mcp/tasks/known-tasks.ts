import { ManyTasks, type TaskSource } from '../../many/many-tasks.js'
import { scopeOf } from '../context.js'
import type { ToolContext } from '../host.js'
import { type DetailedTask, detailedTask } from './detailed-task.js'
import type { TasksOptions } from './tasks-options.js'

/** The tasks that one client knows, as the extension tells them. */
export interface KnownTasks {
  readonly all: ManyTasks
  /** @throws RaincheckError `REF_NOT_FOUND` */
  get(taskId: string, waiting?: { wait?: number; signal?: AbortSignal }): Promise<DetailedTask>
}

/** Gives each client its tasks. */
export function knownTasks(
  rain: TaskSource | readonly TaskSource[],
  options: TasksOptions,
): (context: ToolContext) => KnownTasks {
  const rains = [rain].flat()
  const how = { untrusted: options.untrusted ?? false, text: options.text }
  return (context) => {
    const all = new ManyTasks(rains, scopeOf(options.scope, context))
    return {
      all,
      async get(taskId, waiting = {}) {
        const { answer, retention } = await all.poll(taskId, waiting)
        return detailedTask(answer, retention, how)
      },
    }
  }
}
