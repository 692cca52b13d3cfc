import type { Subscription } from './subscription.js'
import { acknowledging, isAcknowledged } from './subscription.js'

/** Proxies end streams that are silent for longer; the SDK has the same. In milliseconds. */
const KEEP_ALIVE_MS = 15_000

/**
 * The SDK's stream of a subscription, with the notifications of tasks in it. The SDK ends it at once when it has nothing to tell itself:
 * what it says then is held back until there is nothing to tell of tasks either.
 * @param closed Aborted when the server ends, or the client has left.
 */
export function notifyingStream(
  body: ReadableStream<Uint8Array>,
  subscription: Subscription,
  closed: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const ending = new AbortController()
  const encoder = new TextEncoder()
  let stopKeepAlive = () => {}
  const end = () => {
    stopKeepAlive()
    ending.abort()
    onEnd()
  }
  return new ReadableStream({
    async start(controller) {
      const write = (text: string) => {
        if (!ending.signal.aborted) controller.enqueue(encoder.encode(text))
      }
      const keepAlive = setInterval(() => write(': keepalive\n\n'), KEEP_ALIVE_MS)
      stopKeepAlive = () => clearInterval(keepAlive)
      void relay(reader, subscription, { write, signal: AbortSignal.any([ending.signal, closed]) })
        .catch(() => {})
        .finally(() => {
          if (ending.signal.aborted) return
          end()
          controller.close()
        })
    },
    cancel(reason) {
      end()
      return reader.cancel(reason)
    },
  })
}

interface Out {
  write(text: string): void
  signal: AbortSignal
}

async function relay(
  reader: ReadableStreamDefaultReader<string>,
  subscription: Subscription,
  { write, signal }: Out,
): Promise<void> {
  let following: Promise<void> | undefined
  let last: string | undefined
  for await (const event of eventsOf(reader)) {
    const message = messageOf(event)
    if (message && isAcknowledged(message, subscription.id)) {
      write(eventOf(acknowledging(message, await subscription.taskIds)))
      following = subscription.follow(signal, (notification) => write(eventOf(notification)))
    } else if (message && 'result' in message) last = event
    else write(event)
  }
  await following
  if (last !== undefined) write(last)
}

/** The events of a stream, each with the empty line that ends it. */
async function* eventsOf(reader: ReadableStreamDefaultReader<string>): AsyncGenerator<string> {
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const events = (rest + value).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) yield `${event}\n\n`
  }
}

/** Undefined for a comment. */
function messageOf(event: string): Record<string, unknown> | undefined {
  const data = event.split('\n').find((line) => line.startsWith('data: '))
  return data === undefined ? undefined : JSON.parse(data.slice('data: '.length))
}

function eventOf(message: object): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`
}
