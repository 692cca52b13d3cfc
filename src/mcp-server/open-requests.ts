import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'

/** The requests of a connection that are not answered yet. To be made once a server is connected. */
export class OpenRequests {
  readonly #ids = new Set<unknown>()
  #onAnswered = () => {}

  /** @param onAnswer Called with the method of each request that is answered. */
  constructor(transport: Transport, onAnswer: (method: string) => void) {
    const methods = new Map<unknown, string>()
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
      if ('method' in message || !this.#ids.delete(message.id)) return
      onAnswer(methods.get(message.id) ?? '')
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
