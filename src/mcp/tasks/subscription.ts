import { setMaxListeners } from 'node:events'
import type { ToolContext } from '../host.js'
import { missingCapabilities } from '../input-requests.js'
import { clientCapabilities, declaresTasks } from '../tasks-extension.js'
import { followTask } from './follow-task.js'
import type { Message } from './intercept.js'
import type { KnownTasks } from './known-tasks.js'
import { tasksNotDeclared } from './protocol-error.js'

/** What one client may follow by one subscription: each task is looked at for itself. */
const MOST_TASKS = 100

const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId'

export const LISTEN = 'subscriptions/listen'

/** The tasks that a client has asked to be told of. */
export interface Subscription {
  readonly id: unknown
  /** Those of the ids that are tasks of the client; what is unknown and what is not its own are left out alike. */
  readonly taskIds: Promise<readonly string[]>
  /** Tells of them, until all have settled or the signal says so. */
  follow(signal: AbortSignal, tell: (notification: object) => void): Promise<void>
}

/** @returns Undefined for a request that asks for no tasks. @throws ProtocolError when the client did not declare the extension. */
export function subscriptionOf(
  { id, params }: Message,
  known: (context: ToolContext) => KnownTasks,
  context: ToolContext,
): Subscription | undefined {
  const wanted: unknown = Object(params?.notifications).taskIds
  if (!Array.isArray(wanted)) return undefined
  if (!declaresTasks(params?._meta)) throw tasksNotDeclared()
  const tasks = known(context)
  const declared = clientCapabilities(params?._meta)
  const taskIds = knownOf([...new Set(wanted)].slice(0, MOST_TASKS), tasks)
  taskIds.catch(() => {})
  return {
    ...{ id, taskIds },
    async follow(signal, tell) {
      // Each task waits by it; Node would take them for a leak.
      setMaxListeners(0, signal)
      const following = (await taskIds).map((taskId) =>
        followTask(taskId, tasks, signal, (task) => {
          // What it cannot answer must not be asked of it.
          if (missingCapabilities(Object.values(task.inputRequests ?? {}), declared)) return
          tell(stamped(id, 'notifications/tasks', { ...task }))
        }),
      )
      await Promise.all(following)
    },
  }
}

/** Whether a message says that a subscription has begun. */
export function isAcknowledged({ method, params }: Message, id: unknown): boolean {
  return (
    method === 'notifications/subscriptions/acknowledged' && Object(params?._meta)[SUBSCRIPTION_ID] === id
  )
}

/** The same, with the tasks that are told of. */
export function acknowledging(message: Message, taskIds: readonly string[]): Message {
  if (taskIds.length === 0) return message
  const notifications = { ...Object(message.params?.notifications), taskIds }
  return { ...message, params: { ...message.params, notifications } }
}

function stamped(id: unknown, method: string, params: object): object {
  return { jsonrpc: '2.0', method, params: { ...params, _meta: { [SUBSCRIPTION_ID]: id } } }
}

async function knownOf(ids: readonly unknown[], tasks: KnownTasks): Promise<string[]> {
  const texts = ids.filter((id) => typeof id === 'string')
  const found = await Promise.allSettled(texts.map((id) => tasks.get(id)))
  return texts.filter((_, at) => found[at]?.status === 'fulfilled')
}
