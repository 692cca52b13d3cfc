import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { type ClientEvent, createClient } from '../../src/http/client.js'

export interface Served {
  url: string
  port: number
  /** Cuts every connection; new ones are taken. */
  cut(): void
  stop(): Promise<void>
}

/** Serves an app on this machine until the test ends, on a free port unless it says which. */
export async function serveApp(app: Pick<Hono, 'fetch'>, port = 0): Promise<Served> {
  const server = createAdaptorServer({ fetch: app.fetch }) as import('node:http').Server
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const taken = (server.address() as AddressInfo).port
  const cut = () => server.closeAllConnections()
  const stop = async () => {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.close(resolve))
    cut()
    await closed
  }
  onTestFinished(stop)
  return { url: `http://127.0.0.1:${taken}`, port: taken, cut, stop }
}

/** Follows the events of a server until the test ends. */
export function follow(url: string, token?: string) {
  const heard: ClientEvent[] = []
  const ending = new AbortController()
  const looks = new Set<() => void>()
  const all = (async () => {
    for await (const event of createClient(url, { token }).events({ signal: ending.signal })) {
      heard.push(event)
      for (const look of looks) look()
    }
  })()
  all.catch(() => {})
  onTestFinished(async () => {
    ending.abort()
    await all.catch(() => {})
  })
  /** Resolves when an event like this has been heard, from the given place on. */
  const hear = (matches: (event: ClientEvent) => boolean, from = 0): Promise<ClientEvent> =>
    new Promise((resolve) => {
      const look = () => {
        const found = heard.slice(from).find(matches)
        if (!found) return
        looks.delete(look)
        resolve(found)
      }
      looks.add(look)
      look()
    })
  return { heard, hear, ended: all }
}

export const isReady = (resumed?: boolean) => (event: ClientEvent) =>
  event.type === 'ready' && (resumed === undefined || event.resumed === resumed)

export const isTask = (ref: string, status?: string) => (event: ClientEvent) =>
  event.type === 'task' && event.task.ref === ref && (status === undefined || event.task.status === status)
