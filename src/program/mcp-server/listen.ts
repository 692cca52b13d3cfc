import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { wrongOption } from '../../core/words/check-option.js'

/** Longer than it takes to end, and to answer calls with their refs by that; in milliseconds. */
const CLOSE_MS = 3_000

/**
 * How long a connection may be idle, in milliseconds. By Node's default of 5 s a busy client finds that its next request
 * meets the end of the connection; those that keep one for a minute close it themselves.
 */
const KEEP_ALIVE_MS = 75_000

export interface Address {
  host: string
  /** 0 for a free one. */
  port: number
  /** The option that the port is chosen by, for messages. */
  option: '--http' | '--port'
}

export interface Listening {
  /** Without a slash at its end. */
  url: string
  /** Takes no more connections; what is under way gets 3 s. */
  close(): Promise<void>
}

/** Serves an app over HTTP. @throws RaincheckError `INVALID_OPTION` when the port cannot be listened on. */
export async function listen(app: Pick<Hono, 'fetch'>, address: Address): Promise<Listening> {
  const { host, port } = address
  const http = createAdaptorServer({ fetch: app.fetch }) as Server
  http.keepAliveTimeout = KEEP_ALIVE_MS
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(unusable(address, error)))
    http.listen(port, host, resolve)
  })
  const { port: chosen } = http.address() as AddressInfo
  return {
    url: `http://${inUrl(host)}:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => http.closeAllConnections(), CLOSE_MS)
        http.close(() => {
          clearTimeout(cut)
          resolve()
        })
        http.closeIdleConnections()
      }),
  }
}

/** An address as the Host headers of clients name it: of the forms that one of IPv6 has, that of URLs. */
export function hostNameOf(host: string): string {
  const url = `http://${inUrl(host)}`
  return URL.canParse(url) ? new URL(url).hostname : host
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function unusable({ host, port, option }: Address, cause: NodeJS.ErrnoException): Error {
  const reason =
    cause.code === 'EADDRINUSE'
      ? `port ${port} of ${host} is in use; choose another, or ${option} 0 for any that is free`
      : `port ${port} of ${host} cannot be listened on (${cause.message}); choose another port or --host`
  return wrongOption(reason, { cause })
}
