import { checkTypes, wrongOption } from '../core/words/check-option.js'
import { ManyTasks, type TaskSource } from '../many/many-tasks.js'
import { readContext, type ScopeOf, scopeOf } from './context.js'
import { failureResult } from './failure.js'
import type { ToolContext, ToolHost, WrappedFunction } from './host.js'
import { answerTask } from './tools/answer-task.js'
import { cancelTask } from './tools/cancel-task.js'
import { getTaskResult, LONGEST_WAIT_S } from './tools/get-task-result.js'
import { getTaskStatus } from './tools/get-task-status.js'
import { listTasks } from './tools/list-tasks.js'
import { manageTaskQueue } from './tools/manage-task-queue.js'
import { retryTask } from './tools/retry-task.js'
import { startTask } from './tools/start-task.js'
import type { TaskTool } from './tools/task-tool.js'
import type { ValueText } from './value-result.js'

/** Options of `registerTaskTools`. */
export interface TaskToolsOptions {
  /** Whose call it is, as for `registerCachedTool`. @default '' for all */
  scope?: ScopeOf
  /** What `start_task` may start. @default none, and there is no such tool */
  functions?: readonly WrappedFunction[]
  /**
   * Checks a path that a client asks a result to be saved to, and resolves to the absolute path of the file. What it throws is
   * told to the client. The file must not exist, and gets the mode 0600. @default `get_task_result` saves nothing
   */
  saveTo?: (path: string, context: ToolContext) => string | Promise<string>
  /**
   * How long `get_task_result` waits at most, and unless a call says less, in seconds, from 1 to 50. It must be less than the time after which
   * clients give up. @default 25, and up to 50 where a call says so
   */
  waitSeconds?: number
  /** Whether values come from outside, as for `registerCachedTool`. @default false */
  untrusted?: boolean
  /** How a value reads, in pages and in files, as for `registerCachedTool`. @default texts as they are, all else as JSON */
  text?: ValueText
  /** Adds `manage_task_queue`, which holds up the tasks of every scope: for operators. @default false */
  admin?: boolean
}

/**
 * Registers the tools that redeem refs: `get_task_status`, `get_task_result`, `list_tasks`, `answer_task`, `cancel_task`, `retry_task`, and
 * where the options allow them `start_task` and `manage_task_queue`.
 * @param server The `McpServer` of either SDK.
 * @param rain Where the tasks are. Several are asked in turn; a task is retried by the one that has wrapped its function.
 * @throws RaincheckError `INVALID_OPTION` naming the option. Errors of calls are results.
 */
export function registerTaskTools(
  server: ToolHost,
  rain: TaskSource | readonly TaskSource[],
  options: TaskToolsOptions = {},
): void {
  checkTypes('registerTaskTools', options, optionTypes)
  const { functions = [], saveTo, waitSeconds, untrusted = false, text, admin = false } = options
  const rains = [rain].flat()
  checkFunctions(functions)
  if (waitSeconds !== undefined && !(waitSeconds >= 1 && waitSeconds <= LONGEST_WAIT_S))
    throw wrongOption(
      `registerTaskTools: waitSeconds must be from 1 to ${LONGEST_WAIT_S}, got ${waitSeconds}`,
    )
  const tools: TaskTool[] = [
    ...(functions.length > 0 ? [startTask(functions)] : []),
    getTaskStatus,
    getTaskResult({ saveTo, waitSeconds, untrusted, text }),
    ...[listTasks, answerTask, cancelTask, retryTask],
    ...(admin ? [manageTaskQueue(rains)] : []),
  ]
  for (const { name, config, answer } of tools)
    server.registerTool(name, config, async (args, context) => {
      try {
        const scope = scopeOf(options.scope, context)
        const call = { tasks: new ManyTasks(rains, scope), scope, context, request: readContext(context) }
        return await answer(args as never, call)
      } catch (error) {
        return failureResult(error)
      }
    })
}

const optionTypes = {
  ...{ scope: 'function', functions: 'object', saveTo: 'function', waitSeconds: 'number' },
  ...{ untrusted: 'boolean', text: 'function', admin: 'boolean' },
}

function checkFunctions(functions: readonly WrappedFunction[]): void {
  if (!Array.isArray(functions))
    throw wrongOption('registerTaskTools: functions must be a list of wrapped functions')
  const names = functions.map(({ name }) => name)
  const twin = names.find((name, at) => names.indexOf(name) < at)
  if (twin !== undefined)
    throw wrongOption(`registerTaskTools: functions has two of the name '${twin}'; give one of them another`)
}
