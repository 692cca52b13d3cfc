import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer } from '@modelcontextprotocol/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import { registerCachedTool } from '../../../src/mcp/index.js'
import { type AttachTasksOptions, attachTasks, type TaskHost } from '../../../src/mcp/tasks/index.js'
import { entries, localHandler, newRain } from './local.js'

const TASKS = 'io.modelcontextprotocol/tasks'
const required = { requiredCapabilities: { extensions: { [TASKS]: {} } } }
const unknownRef = `rc_${'0'.repeat(22)}`

/** A tool whose calls end as the test wants it to. */
function heldTool(rain: Raincheck) {
  const ends = new Map<string, (value: string) => void>()
  const input = z.object({ id: z.string(), quick: z.boolean().optional() })
  const output = z.object({ text: z.string() })
  const wrapped = rain.cached({ name: 'held', asyncTimeout: 0, input, output })(({ id, quick }) => {
    if (quick) return { text: 'at once' }
    return new Promise<{ text: string }>((resolve) => ends.set(id, (text) => resolve({ text })))
  })
  return { wrapped, end: (id: string, value: string) => ends.get(id)?.(value) }
}

describe.each(entries)('attachTasks over %s', (_, local) => {
  async function attached(options: AttachTasksOptions = {}) {
    const rain = newRain()
    const { wrapped, end } = heldTool(rain)
    const { client } = await local(
      rain,
      (server) => {
        registerCachedTool(server, 'held', wrapped)
        registerCachedTool(server, 'quick', wrapped, { asyncTimeout: '20s' })
      },
      options,
    )
    const callTool = (name: string, args: object, capabilities?: object) =>
      client.request('tools/call', { name, arguments: args }, capabilities)
    const call = (args: object, capabilities?: object) => callTool('held', args, capabilities)
    const callQuick = (capabilities?: object) => callTool('quick', { id: 'quick', quick: true }, capabilities)
    return { rain, client, call, callQuick, end, wrapped }
  }

  it('advertises the extension', async () => {
    const { client } = await attached()
    expect(client.client.getServerCapabilities()).toMatchObject({ extensions: { [TASKS]: {} } })
  })

  it('answers a slow call with a task, whose fields are those of the extension', async () => {
    const { call, client } = await attached()
    const { result } = await call({ id: 'one' })
    expect(result).toEqual({
      ...{ resultType: 'task', taskId: expect.stringMatching(/^rc_/), status: 'working' },
      ...{ createdAt: expect.stringMatching(/Z$/), lastUpdatedAt: expect.stringMatching(/Z$/) },
      ...{ ttlMs: expect.any(Number), pollIntervalMs: 500 },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'test', version: '1' } },
    })
    const ttlMs = result?.ttlMs
    expect(Number.isInteger(ttlMs)).toBe(true)
    // The retention, counted from a moment that has not come.
    expect(ttlMs).toBeGreaterThanOrEqual(24 * 3_600_000)
    const { taskId } = result ?? {}
    expect((await client.request('tasks/get', { taskId })).result).toMatchObject({
      taskId,
      status: 'working',
    })
  })

  it('completes it with what the call would have answered', async () => {
    const { call, callQuick, client, end } = await attached()
    expect((await callQuick()).result).toMatchObject({
      resultType: 'complete',
      structuredContent: { text: 'at once' },
    })
    const { result } = await call({ id: 'one' })
    end('one', 'at last')
    const get = async () => (await client.request('tasks/get', { taskId: result?.taskId })).result
    await expect.poll(async () => (await get())?.status).toBe('completed')
    const text = JSON.stringify({ text: 'at last' })
    expect((await get())?.result).toEqual({
      resultType: 'complete',
      content: [{ type: 'text', text }],
      structuredContent: { text: 'at last' },
    })
  })

  it('answers a client that did not declare the extension on the request with a ref, and nothing else', async () => {
    const { call } = await attached()
    const { result } = await call({ id: 'one' }, {})
    expect(result).toMatchObject({
      resultType: 'complete',
      structuredContent: { status: 'processing', ref: expect.stringMatching(/^rc_/) },
    })
    expect(result).not.toHaveProperty('taskId')
    expect(Object.keys(result?._meta as object)).toEqual(['io.modelcontextprotocol/serverInfo'])
  })

  it('refuses what needs the extension with -32021 to a client that did not declare it', async () => {
    const { client, callQuick } = await attached({ requireTasks: ['quick'] })
    const refused = [
      await callQuick({}),
      ...(await Promise.all(
        ['tasks/get', 'tasks/update', 'tasks/cancel'].map((method) =>
          client.request(method, { taskId: unknownRef, inputResponses: {} }, {}),
        ),
      )),
    ]
    for (const { error } of refused) expect(error).toMatchObject({ code: -32_021, data: required })
    expect((await callQuick()).result).toMatchObject({ resultType: 'complete' })
  })

  it('knows neither unknown nor foreign ids, and tells them apart by nothing', async () => {
    const { client, wrapped } = await attached()
    const { ref: foreign } = await wrapped({ id: 'one' }, { scope: 'somebody else' })
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
      const ask = async (taskId: string) => {
        const { error } = await client.request(method, { taskId, inputResponses: {} })
        return { ...error, message: error?.message.replace(taskId, '') }
      }
      const told = await ask(unknownRef)
      expect(told).toMatchObject({ code: -32_602 })
      expect(await ask(foreign)).toEqual(told)
    }
  })

  it('serves each scope its own tasks', async () => {
    let scope = 'one'
    const { wrapped, client } = await attached({ scope: () => scope })
    const { ref: taskId } = await wrapped({ id: 'one' }, { scope })
    expect((await client.request('tasks/get', { taskId })).result).toMatchObject({ taskId })
    scope = 'other'
    expect((await client.request('tasks/get', { taskId })).error?.code).toBe(-32_602)
  })

  it('refuses a task id that can be none', async () => {
    const { client } = await attached()
    for (const params of [{}, { taskId: 1 }, { taskId: 'x'.repeat(101) }])
      expect((await client.request('tasks/get', params)).error?.code).toBe(-32_602)
  })

  it('cancels a task, and again without harm', async () => {
    const { client, call } = await attached()
    const { taskId } = (await call({ id: 'one' })).result ?? {}
    for (let time = 0; time < 2; time += 1) {
      const { result } = await client.request('tasks/cancel', { taskId })
      expect(result).toMatchObject({ resultType: 'complete' })
      expect(Object.keys(result ?? {}).sort()).toEqual(['_meta', 'resultType'])
    }
    expect((await client.request('tasks/get', { taskId })).result).toMatchObject({ status: 'cancelled' })
  })
})

describe('attachTasks', () => {
  /** A client of the protocol before, on a server that is connected by hand. */
  async function legacy(extensions: Record<string, Record<string, never>> = {}) {
    const rain = newRain()
    const server = new McpServer({ name: 'test', version: '1' })
    const { wrapped } = heldTool(rain)
    registerCachedTool(server, 'held', wrapped)
    server.server.registerCapabilities({ extensions })
    attachTasks(server, rain)
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const client = new Client({ name: 'test', version: '1' })
    await Promise.all([server.connect(ours), client.connect(theirs)])
    onTestFinished(() => client.close())
    const request = async (method: string, params: object) => {
      const response = new Promise<unknown>((resolve) => Object.assign(theirs, { onmessage: resolve }))
      await theirs.send({ jsonrpc: '2.0', id: 'x', method, params: { ...params } })
      return response
    }
    return { client, request }
  }

  it('advertises nothing to a client of an older protocol, and answers it as without', async () => {
    const { client } = await legacy()
    expect(client.getServerCapabilities()).not.toHaveProperty('extensions')
    const result = await client.callTool({ name: 'held', arguments: { id: 'one' } })
    expect(result.structuredContent).toMatchObject({ status: 'processing' })
  })

  it('leaves other extensions to a client of an older protocol', async () => {
    const { client } = await legacy({ 'com.example/other': {} })
    expect(client.getServerCapabilities()?.extensions).toEqual({ 'com.example/other': {} })
  })

  it('leaves a handshake that fails as it is', async () => {
    const { request } = await legacy()
    expect(await request('initialize', {})).toMatchObject({ id: 'x', error: { code: expect.any(Number) } })
  })

  it('does not know the methods of the extension there, where they mean other things', async () => {
    const { request } = await legacy()
    expect(await request('tasks/get', { taskId: unknownRef })).toMatchObject({ error: { code: -32_601 } })
  })

  it('tells of no end for a task that is kept for ever', async () => {
    const rain = createRaincheck({ app: 'test', retention: Number.POSITIVE_INFINITY })
    onTestFinished(() => rain.close({ drain: 0 }))
    const [[, local] = []] = entries
    const { wrapped } = heldTool(rain)
    const made = await local?.(rain, (server) => registerCachedTool(server, 'held', wrapped))
    const called = await made?.client.request('tools/call', { name: 'held', arguments: { id: 'one' } })
    expect(called?.result).toMatchObject({ resultType: 'task', ttlMs: null })
  })

  it('refuses servers of the other SDK, a second call, and options that do not exist', () => {
    const rain = newRain()
    const v1 = new McpServerV1({ name: 'test', version: '1' }) as unknown as TaskHost
    expect(() => attachTasks(v1, rain)).toThrow(/@modelcontextprotocol\/server, 2\.3 or later/)
    const server = new McpServer({ name: 'test', version: '1' })
    attachTasks(server, rain)
    expect(() => attachTasks(server, rain)).toThrow(/has tasks already/)
    const misspelt = { requiresTasks: [] } as AttachTasksOptions
    const other = new McpServer({ name: 'test', version: '1' })
    expect(() => attachTasks(other, rain, misspelt)).toThrow(/no option 'requiresTasks'/)
    const noList = { requireTasks: { held: true } } as unknown as AttachTasksOptions
    expect(() => attachTasks(other, rain, noList)).toThrow(/requireTasks must be a list/)
  })
})

describe('attachTasks over HTTP', () => {
  it('leaves the status to the SDK: 404 for a method that does not exist, 400 for what was not declared', async () => {
    const rain = newRain()
    const { wrapped } = heldTool(rain)
    const handler = localHandler(rain, (server) => registerCachedTool(server, 'held', wrapped), {
      requireTasks: ['held'],
    })
    const statusOf = async (method: string, params: { name?: string; taskId?: string }) => {
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      }
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        'mcp-name': params.name ?? params.taskId ?? '',
      }
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } })
      const request = new Request('http://127.0.0.1/mcp', { method: 'POST', headers, body })
      return (await handler.fetch(request)).status
    }
    expect(await statusOf('tasks/list', {})).toBe(404)
    expect(await statusOf('tools/call', { name: 'held' })).toBe(400)
    expect(await statusOf('tasks/get', { taskId: unknownRef })).toBe(400)
  })
})
