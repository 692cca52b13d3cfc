import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import {
  type CreateTaskSessionFromClientOptions,
  createTaskSessionFromClient,
  type TaskEnabledSession,
  type WithTasksOptions,
} from '@modelcontextprotocol/ext-tasks/client'
import { onTestFinished } from 'vitest'

const server = fileURLToPath(new URL('../../fixtures/task-server.mjs', import.meta.url))

const clientInfo = { name: 'test', version: '1' }
const TASKS = 'io.modelcontextprotocol/tasks'

/** A message of JSON-RPC, as the test looks at it. */
export interface Message {
  id?: unknown
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { code: number; message: string; data?: Record<string, unknown> }
}

/** The official client of the extension, on a connection of the SDK's, and the wire itself. */
export interface TaskClient {
  session: TaskEnabledSession
  client: Client
  /** Sends a request as it is, with what it declares, and gives the response. */
  request(method: string, params: object, capabilities?: object): Promise<Message>
  /** Sends one that is answered by notifications. */
  listen(id: string, notifications: object): Promise<void>
  /** Gives up a request that `listen` sent. */
  unlisten(id: string): Promise<void>
  /** All that came in, oldest first. */
  received: Message[]
  close(): Promise<void>
}

/** A client that takes tasks and answers questions. */
const capable = { elicitation: {}, extensions: { [TASKS]: {} } }

export function overStdio(store: string, options?: WithTasksOptions): Promise<TaskClient> {
  const args = [server, 'stdio', store]
  return connect(new StdioClientTransport({ command: process.execPath, args }), options)
}

export function overHttp(url: string, options?: WithTasksOptions): Promise<TaskClient> {
  return connect(new StreamableHTTPClientTransport(new URL(url)), options)
}

/** @param endpointId The client redeems references only where they came from. */
export async function connect(
  transport: Transport,
  options: WithTasksOptions = {},
  endpointId = 'fixture',
): Promise<TaskClient> {
  const client = new Client(clientInfo, { capabilities: capable, versionNegotiation: { mode: 'auto' } })
  await client.connect(transport)
  const wire = watch(transport)
  const protocolVersion = client.getNegotiatedProtocolVersion() as string
  const framed = (params: object, clientCapabilities: object) => ({
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': protocolVersion,
      'io.modelcontextprotocol/clientInfo': clientInfo,
      'io.modelcontextprotocol/clientCapabilities': clientCapabilities,
    },
  })
  const session = createTaskSessionFromClient<void>(client, {
    ...options,
    endpointId,
    rawDispatch: async (request) => {
      const { result, error } = await wire.request(request as Message)
      return error ? { kind: 'error', error } : { kind: 'result', result }
    },
    v2RequestFraming: { protocolVersion, clientInfo, clientCapabilities: capable },
  } as CreateTaskSessionFromClientOptions)
  const close = async () => {
    await session.close()
    await client.close()
  }
  onTestFinished(close)
  return {
    ...{ session, client, close, received: wire.received },
    request: (method, params, capabilities = capable) =>
      wire.request({ method, params: framed(params, capabilities) }),
    listen: (id, notifications) =>
      wire.send({
        ...{ id, method: 'subscriptions/listen' },
        params: framed({ notifications }, capable),
      }),
    unlisten: (requestId) => wire.send({ method: 'notifications/cancelled', params: { requestId } }),
  }
}

/** Sends messages of its own on a transport that a client is connected to, and sees all that comes in. */
function watch(transport: Transport) {
  const received: Message[] = []
  const waiting = new Map<unknown, (response: Message) => void>()
  const { onmessage } = transport
  let last = 0
  transport.onmessage = (message, extra) => {
    received.push(message as Message)
    const answer = waiting.get((message as Message).id)
    if (answer) answer(message as Message)
    else onmessage?.(message, extra)
  }
  const send = (message: Message) =>
    transport.send({ jsonrpc: '2.0', ...message } as Parameters<Transport['send']>[0])
  const request = async (message: Message) => {
    last += 1
    const id = `raw-${last}`
    const response = new Promise<Message>((resolve) => waiting.set(id, resolve))
    // Over HTTP an error comes as a failed request, which the transport makes an exception of.
    await send({ ...message, id }).catch((error: { data?: { text?: string } }) => {
      waiting.get(id)?.(JSON.parse(error.data?.text ?? 'null'))
    })
    const answer = await response
    waiting.delete(id)
    return answer
  }
  return { received, send, request }
}
