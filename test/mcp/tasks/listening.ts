import { z } from 'zod'
import type { Raincheck } from '../../../src/index.js'
import type { Message, TaskClient } from './session.js'

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId'

/** A tool that says how far it is and ends as the test wants it to. */
export function held(rain: Raincheck) {
  const ends = new Map<string, { resolve(value: string): void; reject(error: Error): void }>()
  const wrapped = rain.cached({
    ...{ name: 'held', asyncTimeout: 0, input: z.object({ id: z.string() }) },
  })(
    ({ id }, task) =>
      new Promise<string>((resolve, reject) => {
        task.progress({ current: 1, total: 4, message: 'page 1' })
        ends.set(id, { resolve, reject })
      }),
  )
  const order = rain.cached({ name: 'order', asyncTimeout: 0, input: z.object({}) })(
    async (_, task) => `${await task.ask('colour', 'Which colour?')} shirt`,
  )
  return { wrapped, order, ends }
}

/** What came of one subscription, without the acknowledgement. */
export function told({ received }: TaskClient, id: string): Record<string, unknown>[] {
  return received
    .filter(({ method, params }) => method === 'notifications/tasks' && subscriptionOf(params) === id)
    .map(({ params }) => params as Record<string, unknown>)
}

export function acknowledgement({ received }: TaskClient, id: string): Message | undefined {
  return received.find(
    ({ method, params }) =>
      method === 'notifications/subscriptions/acknowledged' && subscriptionOf(params) === id,
  )
}

function subscriptionOf(params: Message['params']): unknown {
  return (params?._meta as Record<string, unknown> | undefined)?.[SUBSCRIPTION]
}
