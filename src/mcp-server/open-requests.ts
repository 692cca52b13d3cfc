/** What is used of a transport of either SDK. */
export interface Transport {
  onmessage?: Listener | undefined
  onclose?: (() => void) | undefined
  send(message: object, options?: object): Promise<void>
}

/** As methods, so that those of the SDKs fit, which name the messages they take. */
type Listener = { on(message: object, extra?: object): void }['on']

/** A server and its client. */
export interface Connection {
  readonly transport: Transport
  close(): Promise<void>
}

/** The requests of a connection that are not answered yet. To be made once a server is connected. */
export class OpenRequests {
  readonly #ids = new Set<unknown>()
  #onAnswered = () => {}

  /** @param onAnswer Called with the method of each request that is answered. */
  constructor(transport: Transport, onAnswer: (method: string) => void) {
    const methods = new Map<unknown, unknown>()
    const { onmessage } = transport
    transport.onmessage = (message, extra) => {
      if ('method' in message && 'id' in message) {
        this.#ids.add(message.id)
        methods.set(message.id, message.method)
      }
      onmessage?.(message, extra)
    }
    const send = transport.send.bind(transport)
    transport.send = async (message, options) => {
      await send(message, options)
      if ('method' in message || !('id' in message) || !this.#ids.delete(message.id)) return
      onAnswer(String(methods.get(message.id)))
      methods.delete(message.id)
      if (this.#ids.size === 0) this.#onAnswered()
    }
  }

  /** Resolves when there is none. */
  answered(): Promise<void> {
    if (this.#ids.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onAnswered = resolve
    })
  }
}
