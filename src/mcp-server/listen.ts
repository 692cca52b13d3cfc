import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { RaincheckError } from '../index.js'

export interface Listening {
  url: string
  /** Takes no more requests, and ends the connections. To be called when what was asked is answered. */
  close(): Promise<void>
}

/** Serves an app over HTTP. @param port 0 for a free one. */
export async function listen(app: Pick<Hono, 'fetch'>, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(host, port, error)))
    server.listen(port, host, resolve)
  })
  const { port: chosen } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function unusable(host: string, port: number, cause: NodeJS.ErrnoException): RaincheckError {
  const reason =
    cause.code === 'EADDRINUSE'
      ? `port ${port} of ${host} is in use; choose another, or --http 0 for any that is free`
      : `port ${port} of ${host} cannot be listened on (${cause.message}); choose another port or --host`
  return new RaincheckError('INVALID_OPTION', reason, { cause })
}
