/** As a method, so that those of the SDK fit, which name the messages they take. */
type Listener = { on(message: unknown, extra?: unknown): void }['on']

/** What is used of a transport of the SDK. */
export interface Wire {
  onmessage?: Listener | undefined
  onclose?: (() => void) | undefined
  start(): Promise<void>
  send(message: unknown, options?: unknown): Promise<void>
}

/** A message of JSON-RPC, as far as it is looked at here. */
export interface Message {
  id?: unknown
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: object
}

export interface Interception {
  /** Looks at what comes in. @returns Whether it has been dealt with, and goes no further. */
  received?(message: Message): boolean
  /** Changes what goes out. */
  sent(message: Message): Message | Promise<Message>
  closed?(): void
}

/**
 * Steps between a transport and whoever is connected to it next. In the transport itself, since the SDK looks at what kind it is.
 * @returns Sends past the interception.
 */
export function intercept(wire: Wire, step: Interception): (message: object) => Promise<void> {
  const start = wire.start.bind(wire)
  const send = wire.send.bind(wire)
  // By then who is connected has put its own listeners there, and nothing has come in yet.
  wire.start = () => {
    const { onmessage, onclose } = wire
    wire.onmessage = (message, extra) => {
      if (!step.received?.(Object(message))) onmessage?.(message, extra)
    }
    wire.onclose = () => {
      step.closed?.()
      onclose?.()
    }
    return start()
  }
  // At once where that can be: of an error the SDK makes the HTTP status that it has while the request comes in.
  wire.send = (message, options) => {
    const changed = step.sent(Object(message))
    return changed instanceof Promise ? changed.then((later) => send(later, options)) : send(changed, options)
  }
  return send
}
