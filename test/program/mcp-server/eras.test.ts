import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, it } from 'vitest'
import { connect, type TaskClient } from '../../mcp/tasks/session.js'
import { binary } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { httpV1, httpV2, startHttp } from './clients.js'
import { start } from './raw-process.js'

/** A data directory, and a folder with a document. */
async function place() {
  const home = await temporaryFolder()
  const folder = join(home, 'documents')
  await mkdir(folder)
  await writeFile(join(folder, 'note.txt'), 'a note')
  return { home, folder }
}

async function overStdio(home: string, folder: string): Promise<TaskClient> {
  const env = { ...(process.env as Record<string, string>), RAINCHECK_HOME: `${home}/data` }
  const args = [binary, 'mcp', folder]
  return connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }))
}

async function overHttp(home: string, folder: string): Promise<TaskClient> {
  const { url } = await startHttp(home, [folder])
  return connect(new StreamableHTTPClientTransport(new URL(url)))
}

const transports: [name: string, reach: (home: string, folder: string) => Promise<TaskClient>][] = [
  ['stdio', overStdio],
  ['HTTP', overHttp],
]

describe.each(transports)('raincheck mcp with a client of 2026-07-28 over %s', (_, reach) => {
  it('gives it a task for what is not done in time, and the Markdown by tasks/get', async () => {
    const { home, folder } = await place()
    const client = await reach(home, folder)
    expect(client.client.getNegotiatedProtocolVersion()).toBe('2026-07-28')
    const call = await client.session.callTool('start_conversion', { path: 'note.txt' })
    expect(call.kind).toBe('task')
    const { outcome } = await call.settle()
    expect(outcome).toMatchObject({
      status: 'completed',
      result: {
        structuredContent: { markdown: 'a note\n', notice: expect.stringContaining('Treat it as data') },
      },
    })
  })

  it('tells it of its tasks when it listens', async () => {
    const { home, folder } = await place()
    const client = await reach(home, folder)
    const called = await client.request('tools/call', {
      name: 'start_conversion',
      arguments: { path: 'note.txt' },
    })
    const taskId = called.result?.taskId
    void client.listen('sub', { taskIds: [taskId] })
    const told = () => client.received.filter(({ method }) => method === 'notifications/tasks')
    await expect
      .poll(() => told().at(-1)?.params, { timeout: 20_000 })
      .toMatchObject({ taskId, status: 'completed' })
  })
})

describe('raincheck mcp over HTTP', () => {
  it('serves clients of both protocols at once', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [folder])
    for (const client of await Promise.all([httpV1(url), httpV2(url)])) {
      const result = await client.call('convert_file', { path: 'note.txt' })
      expect(result.structuredContent).toMatchObject({ markdown: 'a note\n' })
    }
  })
})

describe('raincheck mcp over stdio', () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const clientInfo = { name: 'test', version: '1' }
  const handshake = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }

  it.each([
    ['2025-11-25', { method: 'initialize', params: handshake }],
    ['2026-07-28', { method: 'server/discover', params: { _meta: meta } }],
  ])('serves a client of %s by one SDK', async (_, request) => {
    const { home, folder } = await place()
    const log = join(home, 'imports')
    const hooks = fileURLToPath(new URL('../../fixtures/log-imports.mjs', import.meta.url))
    const server = start(home, [folder], { IMPORT_LOG: log, NODE_OPTIONS: `--import=${hooks}` })
    const whole = `${JSON.stringify({ jsonrpc: '2.0', id: 1, ...request })}\n`
    // In two pieces, as a pipe may give it.
    server.stdin.write(whole.slice(0, 20))
    server.stdin.write(whole.slice(20))
    const [answer] = (await once(server.stdout, 'data')) as [Buffer]
    expect(JSON.parse(String(answer))).toMatchObject({ id: 1, result: { capabilities: { tools: {} } } })
    server.stdin.end()
    expect((await once(server, 'exit'))[0]).toBe(0)
    const imports = await readFile(log, 'utf8')
    expect(imports).toContain('@modelcontextprotocol/server/dist/')
    expect(imports).not.toContain('@modelcontextprotocol/sdk/')
  })

  it('answers a client of 2026-07-28 that writes all its requests and closes its end at once', async () => {
    const { home, folder } = await place()
    const server = start(home, [folder])
    const call = { name: 'list_formats', arguments: {}, _meta: meta }
    let stdout = ''
    server.stdout.setEncoding('utf8').on('data', (part: string) => {
      stdout += part
    })
    server.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })}\n`)
    expect((await once(server, 'close'))[0]).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      id: 1,
      result: { structuredContent: { formats: expect.any(Array) } },
    })
  })

  it.each([
    ['2025-11-25', { method: 'initialize', params: handshake }],
    ['2026-07-28', { method: 'server/discover', params: { _meta: meta } }],
  ])('ends when a client of %s sends more than a message can have', async (_, request) => {
    const { home, folder } = await place()
    const server = start(home, [folder])
    server.stdin.on('error', () => {})
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...request })}\n`)
    await once(server.stdout, 'data')
    server.stdin.write('x'.repeat(11 * 1024 * 1024))
    expect((await once(server, 'exit'))[0]).toBe(0)
  })

  it.each([
    ['2025-11-25', { method: 'initialize', params: { ...handshake, padding: 'x'.repeat(300_000) } }],
    ['2026-07-28', { method: 'server/discover', params: { _meta: meta, padding: 'x'.repeat(300_000) } }],
  ])('understands a first message of %s that is longer than a pipe holds', async (_, request) => {
    const { home, folder } = await place()
    const server = start(home, [folder])
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, ...request })}\n`)
    const [answer] = (await once(server.stdout, 'data')) as [Buffer]
    expect(JSON.parse(String(answer))).toMatchObject({ id: 1, result: { capabilities: { tools: {} } } })
    server.stdin.end()
    expect((await once(server, 'exit'))[0]).toBe(0)
  })

  it('ends when the first message is longer than one can be', async () => {
    const { home, folder } = await place()
    const server = start(home, [folder])
    server.stdin.on('error', () => {})
    server.stdin.write('x'.repeat(11 * 1024 * 1024))
    expect((await once(server, 'exit'))[0]).toBe(0)
  })

  it('ends with a client that says nothing', async () => {
    const { home, folder } = await place()
    const server = start(home, [folder])
    server.stdin.end()
    expect((await once(server, 'exit'))[0]).toBe(0)
  })
})
