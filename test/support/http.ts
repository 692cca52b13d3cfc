import { createHttpApp, type HttpOptions } from '../../src/http/index.js'
import type { Raincheck } from '../../src/index.js'

export interface Received {
  status: number
  headers: Headers
  /** Parsed where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a server answers is anything, and tests look into it.
  body: any
}

/** Sends requests to an app without a network. */
export function requestsTo(rain: Raincheck | readonly Raincheck[], options: HttpOptions) {
  const app = createHttpApp(rain, options)
  const send = async (
    method: string,
    path: string,
    { body, headers }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Received> => {
    const response = await app.request(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  return {
    app,
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, body?: unknown) => send('POST', path, { body }),
  }
}

export const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
