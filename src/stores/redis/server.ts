import { randomUUID } from 'node:crypto'
import type KeyvRedis from '@keyv/redis'
import { RaincheckError, storeLost } from '../../core/words/errors.js'
import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { withoutPassword } from './address.js'
import { FORMAT_KEY, IDENTITY_KEY } from './prelude.js'

/** How long a connection may take, in milliseconds; below the deadline of a store call (5 s), so that it says itself why. */
const CONNECT_TIMEOUT_MS = 4_000

/** What is used of a client. */
export interface RedisClient {
  evalSha(sha: string, options: { arguments: string[] }): Promise<unknown>
  eval(script: string, options: { arguments: string[] }): Promise<unknown>
  get(key: string): Promise<string | null>
  set(key: string, value: number | string, options?: { NX: true }): Promise<unknown>
  /** Whether a process stays because of its connection. */
  ref(): void
  unref(): void
  readonly isOpen: boolean
  destroy(): void
}

interface Connection {
  client: RedisClient
  /** Keyv's adapter on the same connection. */
  adapter: KeyvRedis<string>
  /** What the server was when it was last looked at. */
  identity: string
  /** It is looked at again. */
  identifying?: Promise<void> | undefined
}

export interface RedisServer {
  /** Runs commands, after connecting where that is still to do. */
  use<T>(commands: (connection: Connection) => Promise<T>): Promise<T>
  /** Takes in that a server is not `before` any more. */
  identifyAgain(connection: Connection, before: string): Promise<void>
  /** Calls back when the server turns out to be flushed, or to have come back empty. */
  onLost(listener: (error: RaincheckError) => void): void
  close(): Promise<void>
}

/**
 * A Redis server that is connected to by the first use, and by the first after the connection was lost. Between uses it keeps
 * no process alive: nothing reconnects in the background, and the socket counts only while an answer is awaited.
 */
export function redisServer(url: string): RedisServer {
  let connecting: Promise<Connection> | undefined
  let underWay = 0
  let known: string | undefined
  const listeners: ((error: RaincheckError) => void)[] = []

  const know = (identity: string) => {
    const wasLost = known !== undefined && known !== identity
    known = identity
    if (wasLost) for (const listener of listeners) listener(storeLost(withoutPassword(url), 'flushed'))
  }
  const connect = () => {
    const opening = open(url, () => {
      if (connecting === attempt) connecting = undefined
    })
    const attempt = opening.then((connection) => {
      know(connection.identity)
      return connection
    })
    attempt.catch(() => {
      connecting = undefined
    })
    return attempt
  }
  const use = async <T>(commands: (connection: Connection) => Promise<T>): Promise<T> => {
    connecting ??= connect()
    const connection = await connecting
    const { client } = connection
    if (++underWay === 1) client.ref()
    try {
      return await commands(connection)
    } catch (error) {
      throw unusable(url, error)
    } finally {
      if (--underWay === 0) client.unref()
    }
  }
  const identifyAgain = async (connection: Connection, before: string) => {
    if (connection.identity !== before) return
    connection.identifying ??= identify(connection.client)
      .then((identity) => {
        connection.identity = identity
        know(identity)
      })
      .finally(() => {
        connection.identifying = undefined
      })
    await connection.identifying
  }
  return {
    use,
    identifyAgain,
    onLost: (listener) => void listeners.push(listener),
    close: async () => {
      const { client } = (await connecting?.catch(() => undefined)) ?? {}
      connecting = undefined
      // Whoever waits for an answer still is told that it was closed; a frozen server would never give one.
      if (client?.isOpen) client.destroy()
    },
  }
}

async function open(url: string, onLost: () => void): Promise<Connection> {
  const { createClient, default: Adapter } = await loadAdapter()
  try {
    const client = createClient({
      url,
      // Commands of a lost connection must fail at once: their callers try again, or go on without.
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
    })
    // The same error rejects the commands that were under way.
    client.on('error', onLost)
    await inTime(client.connect(), () => client.destroy())
    const identity = await identify(client)
    client.unref()
    const adapter = new Adapter<string>(client, { throwOnErrors: true })
    adapter.on('error', () => {}) // The same error rejects the command.
    return { client, adapter, identity }
  } catch (error) {
    throw unusable(url, error)
  }
}

/** @keyv/redis, an optional peer. @throws RaincheckError `MISSING_PEER` */
async function loadAdapter(): Promise<typeof import('@keyv/redis')> {
  try {
    return await import('@keyv/redis')
  } catch (cause) {
    throw new RaincheckError(
      'MISSING_PEER',
      'a store on Redis needs @keyv/redis: run `npm install @keyv/redis`',
      {
        cause,
      },
    )
  }
}

/** The client's own limit is for the socket alone; a frozen server takes that, and says nothing. */
function inTime(connecting: Promise<unknown>, giveUp: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`))
      giveUp()
    }, CONNECT_TIMEOUT_MS)
    connecting.then(() => resolve(), reject).finally(() => clearTimeout(timer))
  })
}

/** Whoever comes first to a server, or to one that was flushed, says which it is. */
async function identify(client: RedisClient): Promise<string> {
  await refuseNewer(client)
  const before = await client.get(IDENTITY_KEY)
  if (before !== null) return before
  await client.set(IDENTITY_KEY, randomUUID(), { NX: true })
  return (await client.get(IDENTITY_KEY)) ?? ''
}

async function refuseNewer(client: RedisClient): Promise<void> {
  const format = Number((await client.get(FORMAT_KEY)) ?? 0)
  if (format < RECORD_FORMAT) await client.set(FORMAT_KEY, RECORD_FORMAT)
  if (format <= RECORD_FORMAT) return
  client.destroy()
  throw new Error(
    `it was written by a newer raincheck (format ${format}, this one knows ${RECORD_FORMAT}); update raincheck, or use another database`,
  )
}

function unusable(url: string, error: unknown): RaincheckError {
  const { message, code = '' } = error as Error & { code?: string }
  const reason = message || code
  const hint = hints.find(([pattern]) => pattern.test(reason))?.[1]
  return new RaincheckError(
    'STORE_UNAVAILABLE',
    `cannot use the store ${withoutPassword(url)}: ${reason}${hint === undefined ? '' : `; ${hint}`}`,
    { cause: error },
  )
}

const hints: [RegExp, string][] = [
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|no answer|timeout/i, 'is the server running there?'],
  [/NOAUTH|WRONGPASS|AUTH/, 'check user and password in the URL'],
  [/DB index/, 'check the database number at the end of the URL'],
  [/OOM/, 'it is full (maxmemory): give it more memory, or a shorter `retention`'],
  [/READONLY/, 'it is a replica: name the master'],
  [/MOVED|CROSSSLOT/, 'a Redis cluster is not supported: use a single server, or one with replicas'],
]
