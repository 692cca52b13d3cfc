import { Client as ClientV2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAlive } from '../support/alive.js'
import { runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { EXAMPLE_TEST_MS, exampleFile, runExample } from './run-example.js'

const info = { name: 'test', version: '1' }

interface Result {
  structuredContent: { ref: string; status: string; value: object; nextStep: string }
}

interface Client {
  listTools(): Promise<unknown>
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>
  close(): Promise<void>
}

/** A client of each SDK that has started the example on the same one. */
const starts: [name: string, start: () => Promise<[Client, pid: number | null]>][] = [
  [
    'mcp-v1.mjs',
    async () => {
      const transport = new StdioV1({ command: process.execPath, args: [exampleFile('mcp-v1.mjs'), 'serve'] })
      const client = new ClientV1(info)
      await client.connect(transport)
      return [client, transport.pid]
    },
  ],
  [
    'mcp-v2.mjs',
    async () => {
      const transport = new StdioV2({ command: process.execPath, args: [exampleFile('mcp-v2.mjs'), 'serve'] })
      const client = new ClientV2(info)
      await client.connect(transport)
      return [client, transport.pid]
    },
  ],
]

describe.each(starts)('the example %s', (name, start) => {
  test(
    'plays an agent that redeems what it was handed, and ends',
    async () => {
      const [tools, quick, slow, redeemed, ...others] = await runExample(name)
      expect(tools).toMatch(/^tools: estimate_pi, get_task_status, get_task_result, /)
      expect(quick).toMatch(/^a quick call: \{"pi":3\.\d+,"points":\d+\}$/)
      expect(slow).toMatch(
        /^a slow call: processing, rc_\w{22}\. No result exists yet\. Call get_task_result /,
      )
      expect(redeemed).toMatch(/^get_task_result: complete, \{"pi":3\.1\d+,"points":\d+\}$/)
      expect(others).toEqual([])
    },
    EXAMPLE_TEST_MS,
  )

  test('answers a quick call with the value, a slow one with a ref, which is redeemed; and ends with its client', async () => {
    const [client, pid] = await start()
    onTestFinished(() => client.close())
    // From then on the client checks each result against its schema.
    await client.listTools()
    const call = async (name: string, args: Record<string, unknown>) =>
      (await client.callTool({ name, arguments: args })) as Result
    const quick = await call('estimate_pi', { seconds: 0.1 })
    expect(quick.structuredContent).toEqual({ pi: expect.closeTo(3.14, 1), points: expect.any(Number) })

    const slow = await call('estimate_pi', { seconds: 2 })
    expect(slow.structuredContent).toMatchObject({
      status: 'processing',
      progress: { total: 2 },
      nextStep: expect.stringContaining('get_task_result'),
    })
    const { ref } = slow.structuredContent
    const redeemed = await call('get_task_result', { ref })
    expect(redeemed.structuredContent).toMatchObject({
      ...{ status: 'complete', ref, value: { pi: expect.closeTo(3.14, 1) } },
    })
    await client.close()
    expect(isAlive(pid ?? 0)).toBe(false)
  })

  test('ends by itself when its client is gone, and has printed nothing', async () => {
    const home = await temporaryFolder()
    expect(await runToEnd(process.execPath, [exampleFile(name), 'serve'], home)).toEqual({
      ...{ stdout: '', stderr: '', exitCode: 0 },
    })
  })
})
