/** What is used of the SDK's transport. */
export interface Transport {
  onmessage?: Listener | undefined
  onclose?: (() => void) | undefined
  send(message: object, options?: object): Promise<void>
}

/** As methods, so that those of the SDK fit, which name the messages they take. */
type Listener = { on(message: object, extra?: object): void }['on']

interface Message {
  id?: unknown
  method?: string
  params?: { requestId?: unknown }
}

/** The requests of a connection that are not answered yet. To be made once a server is connected. */
export class OpenRequests {
  /** Their methods, by their ids. */
  readonly #methods = new Map<unknown, string>()
  #onAnswered = () => {}

  /** @param onAnswer Called with the method of each request that is answered. */
  constructor(transport: Transport, onAnswer: (method: string) => void) {
    const { onmessage } = transport
    transport.onmessage = (message, extra) => {
      const { id, method, params } = message as Message
      if (method !== undefined && id !== undefined) this.#methods.set(id, method)
      // One that is cancelled is not answered.
      else if (method === 'notifications/cancelled') this.#end(params?.requestId)
      onmessage?.(message, extra)
    }
    const send = transport.send.bind(transport)
    transport.send = async (message, options) => {
      await send(message, options)
      const { id, method } = message as Message
      const asked = this.#methods.get(id)
      // A request or notification of the server's own answers nothing.
      if (method !== undefined || asked === undefined) return
      this.#end(id)
      onAnswer(asked)
    }
  }

  /** Resolves when there is none. */
  answered(): Promise<void> {
    if (this.#methods.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onAnswered = resolve
    })
  }

  #end(id: unknown): void {
    this.#methods.delete(id)
    if (this.#methods.size === 0) this.#onAnswered()
  }
}
