import { AllTasks } from '../all-tasks.js'
import type { TaskSource, ToolContext } from '../host.js'
import { checkedScope } from '../scope.js'
import { type DetailedTask, detailedTask } from './detailed-task.js'
import type { TasksOptions } from './tasks-options.js'

/** The tasks that one client knows, as the extension tells them. */
export interface KnownTasks {
  readonly all: AllTasks
  /** @throws RaincheckError `REF_NOT_FOUND` */
  get(taskId: string, waiting?: { wait?: number; signal?: AbortSignal }): Promise<DetailedTask>
}

/** Gives each client its tasks. */
export function knownTasks(
  rain: TaskSource | readonly TaskSource[],
  options: TasksOptions,
): (context: ToolContext) => KnownTasks {
  const rains = [rain].flat()
  const scope = checkedScope(options.scope)
  const how = { untrusted: options.untrusted ?? false, text: options.text }
  return (context) => {
    const all = new AllTasks(rains, scope(context))
    return {
      all,
      async get(taskId, waiting = {}) {
        const { answer, retention } = await all.poll(taskId, waiting)
        return detailedTask(answer, retention, how)
      },
    }
  }
}
