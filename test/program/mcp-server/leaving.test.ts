import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../mcp/peers.js'
import { endWorker } from '../../support/cli.js'
import { gate, homeWithFunctions, startCommand } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, httpV1, startHttp, stdioV1 } from './clients.js'
import { runToEnd } from './raw-process.js'

const call = (id: number, name: string, args: object) => ({
  ...{ id, method: 'tools/call', params: { name, arguments: args } },
})

describe('a client of raincheck mcp', () => {
  it('that cancels a call gets no answer to it, and is not waited for', async () => {
    const home = await homeWithFunctions(gate)
    const { exitCode, answers } = await runToEnd(
      home,
      ['.', '--async-timeout', '1h'],
      [
        call(2, 'gate', { path: '/nowhere' }),
        { method: 'notifications/cancelled', params: { requestId: 2, reason: 'enough' } },
        { id: 3, method: 'tools/list' },
      ],
    )
    expect({ exitCode, ids: answers.map(({ id }) => id) }).toEqual({ exitCode: 0, ids: [1, 3] })
    await endWorker(home)
  })

  it('that cuts its connection in the middle of a call stops nothing', async () => {
    const home = await homeWithFunctions(
      `waits: { asyncTimeout: '5s', run: async ({ begun, open }) => {
      writeFileSync(begun, '')
      while (!existsSync(open)) await sleep(20)
      return 'done'
    } },`,
      '',
      "import { writeFileSync } from 'node:fs'",
    )
    const [begun, open] = [join(home, 'begun'), join(home, 'open')]
    const { url } = await startHttp(home, ['.', '--async-timeout', '1h'])
    const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', agent: false, headers })
    sent.on('error', () => {})
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...call(1, 'waits', { begun, open }) }))
    await expect.poll(() => existsSync(begun), { timeout: 10_000 }).toBe(true)
    sent.destroy()
    const client = await httpV1(url)
    const { tasks } = fieldsOf<{ tasks: { ref: string; status: string }[] }>(await client.call('list_tasks'))
    expect(tasks).toMatchObject([{ status: 'processing' }])
    await writeFile(open, '')
    const result = await client.call('get_task_result', { ref: tasks[0]?.ref })
    expect(fieldsOf(result)).toMatchObject({ status: 'complete' })
  })
})

describe('raincheck mcp', () => {
  it('ends a second after its client, whatever a config file leaves running', async () => {
    const home = await homeWithFunctions('', '', 'setInterval(() => {}, 1_000)')
    const { exitCode, answers } = await runToEnd(home, ['.'], [{ id: 2, method: 'ping' }])
    expect({ exitCode, ids: answers.map(({ id }) => id) }).toEqual({ exitCode: 0, ids: [1, 2] })
  })

  it('tells on stderr where it serves over HTTP, and prints nothing without --json', async () => {
    const home = await temporaryFolder()
    const server = startCommand(home, ['mcp', '.', '--http', '0'])
    const told = await server.says('stderr', /\n/)
    expect(told).toMatch(
      /^raincheck: serves MCP clients at http:\/\/127\.0\.0\.1:\d+\/mcp; end it with Ctrl-C\n$/,
    )
    server.process.kill('SIGINT')
    expect(await server.ended).toEqual({ stdout: '', stderr: told, exitCode: 130 })
  })

  it('converts where its store cannot be used, and says that no worker can be started', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'data'), 'a file where the folder should be')
    await writeFile(join(home, 'note.txt'), 'a note')
    const { exitCode, answers, stderr } = await runToEnd(
      home,
      ['.'],
      [{ id: 2, method: 'tools/list' }, call(3, 'convert_file', { path: 'note.txt' })],
      { answers: 3 },
    )
    expect(exitCode).toBe(0)
    expect(answers[2]?.result).toMatchObject({ structuredContent: { markdown: 'a note\n' } })
    expect(stderr).toMatch(
      /^(raincheck: no worker can be started for what is left: cannot use the store .*\n)+$/,
    )
  })

  it('says that no worker can be started for what it leaves, which a later session does', async () => {
    const home = await homeWithFunctions(gate)
    const [log, path] = [join(home, 'data/raincheck-worker.log'), join(home, 'open')]
    await mkdir(log, { recursive: true })
    const start = call(2, 'start_task', { function: 'gate', input: { path } })
    const { answers, stderr } = await runToEnd(home, ['.'], [start], { answers: 2 })
    expect(stderr).toMatch(/^raincheck: no worker can be started for what is left: EISDIR: [^\n]*\n$/)
    const { ref } = fieldsOf<{ ref: string }>(answers[1]?.result as Result)
    await rm(log, { recursive: true })
    await writeFile(path, '')
    const later = await stdioV1(home, ['.'])
    expect(fieldsOf(await later.call('get_task_result', { ref }))).toMatchObject({ status: 'complete' })
    await later.close()
    await endWorker(home)
  })
})
