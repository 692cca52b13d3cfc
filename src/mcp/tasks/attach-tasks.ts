import { checkTypes, wrongOption } from '../../core/words/check-option.js'
import type { TaskSource } from '../../many/many-tasks.js'
import type { ToolContext } from '../host.js'
import { declaresTasks, TASKS_EXTENSION } from '../tasks-extension.js'
import { takeHandle } from '../wire-task.js'
import { type Interception, intercept, type Message, type Wire } from './intercept.js'
import { knownTasks } from './known-tasks.js'
import { errorResponse, tasksNotDeclared } from './protocol-error.js'
import { answerTaskMethod, taskMethods, taskParams } from './task-methods.js'
import { type TasksOptions, tasksOptionTypes } from './tasks-options.js'

/** The `McpServer` of `@modelcontextprotocol/server` 2.3 or later. */
export interface TaskHost {
  /** What is used of the SDK's `Server`. */
  readonly server: {
    registerCapabilities(capabilities: { extensions: Record<string, Record<string, never>> }): void
    setRequestHandler(
      method: string,
      schemas: { params: typeof taskParams },
      handler: (params: { taskId: string }, context: ToolContext) => Promise<Record<string, unknown>>,
    ): void
    connect(transport: Wire): Promise<void>
  }
}

/** Options of `attachTasks`. */
export interface AttachTasksOptions extends TasksOptions {
  /**
   * Tools that only answer clients of the extension; others get the error -32021, which names it. @default none: they get the
   * answer that the task tools go on with
   */
  requireTasks?: readonly string[]
}

/**
 * Serves the Tasks extension of MCP (`io.modelcontextprotocol/tasks`): a call of a cached tool that takes longer than its
 * `asyncTimeout` is answered with a task, and `tasks/get`, `tasks/update` and `tasks/cancel` are served from the store, by any
 * server on it. To be called before the server is connected.
 * @param rain Where the tasks are. Several are asked in turn.
 * @throws RaincheckError `INVALID_OPTION` naming the option.
 */
export function attachTasks(
  server: TaskHost,
  rain: TaskSource | readonly TaskSource[],
  options: AttachTasksOptions = {},
): void {
  checkTypes('attachTasks', options, { ...tasksOptionTypes, requireTasks: 'object' })
  const { requireTasks = [] } = options
  if (!Array.isArray(requireTasks))
    throw wrongOption('attachTasks: requireTasks must be a list of names of tools')
  const protocol = server.server
  refuseHost(protocol)
  const known = knownTasks(rain, options)
  protocol.registerCapabilities({ extensions: { [TASKS_EXTENSION]: {} } })
  for (const method of Object.keys(taskMethods) as (keyof typeof taskMethods)[])
    protocol.setRequestHandler(method, { params: taskParams }, async (params, context) => ({
      ...(await answerTaskMethod(method, params, context, known)),
    }))
  const connect = protocol.connect.bind(protocol)
  protocol.connect = (transport) => {
    serveTasks(transport, new Set(requireTasks))
    return connect(transport)
  }
  attached.add(protocol)
}

const attached = new WeakSet<object>()

function refuseHost(protocol: TaskHost['server']): void {
  // That of the SDK for older protocols takes a schema and a handler.
  if (protocol.setRequestHandler.length < 3)
    throw wrongOption(
      'attachTasks: the server must be a McpServer of @modelcontextprotocol/server, 2.3 or later; the extension does not ' +
        'exist in the protocols of @modelcontextprotocol/sdk, whose clients are served by registerTaskTools',
    )
  if (attached.has(protocol))
    throw wrongOption('attachTasks: the server has tasks already; give all rainchecks in one call, as a list')
}

function serveTasks(transport: Wire, requireTasks: ReadonlySet<unknown>): void {
  const handshakes = new Set<unknown>()
  const step: Interception = {
    received({ id, method, params }: Message) {
      if (method === 'initialize') handshakes.add(id)
      const isRefused =
        method === 'tools/call' && requireTasks.has(params?.name) && !declaresTasks(params?._meta)
      if (isRefused) void send(errorResponse(id, tasksNotDeclared())).catch(() => {})
      return isRefused
    },
    sent: (message) => (handshakes.delete(message.id) ? withoutExtension(message) : withHandleOnly(message)),
  }
  const send = intercept(transport, step)
}

/** The SDK lets no tool answer with a handle, so it goes out in the place of what the tool answered. */
function withHandleOnly(message: Message): Message {
  const taken = message.result && takeHandle(message.result)
  if (!taken) return message
  return { ...message, result: { resultType: 'task', ...taken.handle, _meta: taken.meta } }
}

/** The protocols that begin with a handshake do not have it. */
function withoutExtension(message: Message): Message {
  const capabilities = Object(message.result?.capabilities)
  const { [TASKS_EXTENSION]: _, ...extensions } = Object(capabilities.extensions)
  const { extensions: __, ...rest } = capabilities
  const others = Object.keys(extensions).length > 0 ? { extensions } : {}
  return message.result
    ? { ...message, result: { ...message.result, capabilities: { ...rest, ...others } } }
    : message
}
