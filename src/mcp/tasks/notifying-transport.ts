import { checkTypes } from '../../core/words/check-option.js'
import type { TaskSource } from '../../many/many-tasks.js'
import { type Interception, intercept, type Message, type Wire } from './intercept.js'
import { knownTasks } from './known-tasks.js'
import { errorResponse, toProtocolError } from './protocol-error.js'
import { acknowledging, isAcknowledged, LISTEN, type Subscription, subscriptionOf } from './subscription.js'
import { type TasksOptions, tasksOptionTypes } from './tasks-options.js'

interface Open {
  readonly subscription: Subscription
  readonly ending: AbortController
}

/**
 * Tells the client of a connection about its tasks (`notifications/tasks`) when it asks for that by `subscriptions/listen`, beside what
 * the SDK itself tells of: of 100 tasks by one request, each being looked at for itself. For the transport that `serveStdio` gets.
 * @param rain As for `attachTasks`; so are the options.
 * @returns The transport.
 * @throws RaincheckError `INVALID_OPTION` naming the option.
 */
export function notifyingTransport<T extends Wire>(
  transport: T,
  rain: TaskSource | readonly TaskSource[],
  options: TasksOptions = {},
): T {
  checkTypes('notifyingTransport', options, tasksOptionTypes)
  const known = knownTasks(rain, options)
  const open = new Map<unknown, Open>()
  const end = (id: unknown) => {
    open.get(id)?.ending.abort()
    open.delete(id)
  }
  const listen = (message: Message) => {
    const subscription = subscriptionOf(message, known, {})
    if (subscription) open.set(message.id, { subscription, ending: new AbortController() })
  }
  const step: Interception = {
    received(message) {
      if (message.method === 'notifications/cancelled') end(message.params?.requestId)
      return message.method === LISTEN && isRefused(message, listen, send)
    },
    sent(message) {
      // The SDK's answer to the request: it is refused, or has ended.
      if (message.method === undefined) end(message.id)
      const begun = [...open.values()].find(({ subscription: { id } }) => isAcknowledged(message, id))
      return begun ? acknowledged(message, begun, send) : message
    },
    closed() {
      for (const id of [...open.keys()]) end(id)
    },
  }
  const send = intercept(transport, step)
  return transport
}

function isRefused(
  message: Message,
  listen: (message: Message) => void,
  send: (message: object) => Promise<void>,
): boolean {
  try {
    listen(message)
    return false
  } catch (error) {
    void send(errorResponse(message.id, toProtocolError(error))).catch(() => {})
    return true
  }
}

/** Nothing is told before the client knows that it will be. */
async function acknowledged(
  message: Message,
  { subscription, ending }: Open,
  send: (message: object) => Promise<void>,
): Promise<Message> {
  const taskIds = await subscription.taskIds
  setImmediate(() => {
    const tell = (notification: object) => void send(notification).catch(() => ending.abort())
    void subscription.follow(ending.signal, tell)
  })
  return acknowledging(message, taskIds)
}
