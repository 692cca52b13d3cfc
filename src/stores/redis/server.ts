import type KeyvRedis from '@keyv/redis'
import { RaincheckError } from '../../core/words/errors.js'
import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { withoutPassword } from './address.js'
import { FORMAT_KEY } from './prelude.js'

/** How long a connection may take, in milliseconds; below the deadline of a store call (5 s), so that it says itself why. */
const CONNECT_TIMEOUT_MS = 4_000

/** What is used of a client. */
interface RedisClient {
  evalSha(sha: string, options: { arguments: string[] }): Promise<unknown>
  eval(script: string, options: { arguments: string[] }): Promise<unknown>
  get(key: string): Promise<string | null>
  set(key: string, value: number): Promise<unknown>
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
}

export interface RedisServer {
  /** Runs commands, after connecting where that is still to do. */
  use<T>(commands: (connection: Connection) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * A Redis server that is connected to by the first use, and by the first after the connection was lost. Between uses it keeps
 * no process alive: nothing reconnects in the background, and the socket counts only while an answer is awaited.
 */
export function redisServer(url: string): RedisServer {
  let connecting: Promise<Connection> | undefined
  let underWay = 0

  const connect = () => {
    const attempt = open(url, () => {
      if (connecting === attempt) connecting = undefined
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
  return {
    use,
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
    await refuseNewer(client)
    client.unref()
    const adapter = new Adapter<string>(client, { throwOnErrors: true })
    adapter.on('error', () => {}) // The same error rejects the command.
    return { client, adapter }
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
