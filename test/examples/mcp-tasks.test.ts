import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect } from '../mcp/tasks/session.js'
import { runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { EXAMPLE_TEST_MS, exampleFile, runExample } from './run-example.js'

const example = exampleFile('mcp-tasks.mjs')
const server = { command: process.execPath, args: [example, 'serve'] }
const cake = { cake: 'cheesecake', seconds: 1 }

describe('the example mcp-tasks.mjs', () => {
  test(
    'plays a client: gets a task, answers what it asks, and has the result',
    async () => {
      const lines = await runExample('mcp-tasks.mjs')
      expect(lines.slice(0, 2)).toEqual([
        expect.stringMatching(/^tools\/call: a task, rc_\w{22}$/),
        'tasks/get: input_required, What goes on top of the cheesecake?',
      ])
      expect(lines.slice(2, -1)).toContainEqual(
        expect.stringMatching(/^tasks\/get: working, \d+ %: in the oven$/),
      )
      expect(lines.at(-1)).toBe('tasks/get: completed, cheesecake with cherries')
    },
    EXAMPLE_TEST_MS,
  )

  test('asks a client that knows tasks, and gives it the result', async () => {
    const onInputRequest = (async () => ({ action: 'accept', content: { answer: 'cherries' } })) as never
    const { session } = await connect(new StdioClientTransport(server), { onInputRequest })
    const call = await session.callTool('bake', cake)
    expect(call.kind).toBe('task')
    const content = [{ type: 'text', text: 'cheesecake with cherries' }]
    expect((await call.settle()).outcome).toMatchObject({ status: 'completed', result: { content } })
  })

  test('asks a client that does not by the task tools', async () => {
    const client = new Client({ name: 'test', version: '1' })
    onTestFinished(() => client.close())
    await client.connect(new StdioV1(server))
    const call = async (name: string, args: object) => {
      const { structuredContent } = await client.callTool({ name, arguments: { ...args } })
      return structuredContent as Record<string, unknown>
    }
    const { ref, requests } = await call('bake', cake)
    expect(requests).toEqual({ topping: 'What goes on top of the cheesecake?' })
    await call('answer_task', { ref, answers: { topping: 'cherries' } })
    expect(await call('get_task_result', { ref })).toMatchObject({ pageText: 'cheesecake with cherries' })
  })

  test('ends by itself when its client is gone, and has printed nothing', async () => {
    const home = await temporaryFolder()
    const ended = { stdout: '', stderr: '', exitCode: 0 }
    expect(await runToEnd(process.execPath, [example, 'serve'], home)).toEqual(ended)
  })
})
