import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, stdioV1 } from './clients.js'
import { runToEnd, start } from './raw-process.js'

describe('raincheck mcp', () => {
  it.each([
    [[], /no folder is allowed: name those whose documents may be read, such as: raincheck mcp ~\/Documents/],
    [['.', 'gone'], /the folder \S+gone does not exist; name one that does/],
    [['note.txt/in'], /the folder \S+note\.txt\/in cannot be used \(ENOTDIR: .*\); name one that does/],
    [['note.txt'], /note\.txt is not a folder; name the folder that it is in/],
    [['.', '--async-timeout', 'soon'], /Give a number with a unit/],
    [['.', '--host', '127.0.0.1'], /add --http <port>/],
  ])('does not start with %j, and says what to do', async (args, reason) => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'note.txt'), 'a note')
    const { exitCode, stdout, stderr } = await raincheck(home, ['mcp', ...args])
    expect(exitCode).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(reason)
  })

  it('takes its asyncTimeout from the environment, 20 s without, and refuses one that is none', async () => {
    const home = await temporaryFolder()
    const limits = async (environment: Record<string, string>, ...args: string[]) => {
      const { call } = await stdioV1(home, [home, ...args], environment)
      return fieldsOf<{ limits: { asyncTimeoutMs: number } }>(await call('get_server_info')).limits
        .asyncTimeoutMs
    }
    expect(await limits({ RAINCHECK_ASYNC_TIMEOUT: '' })).toBe(20_000)
    expect(await limits({ RAINCHECK_ASYNC_TIMEOUT: '7s' })).toBe(7_000)
    expect(await limits({ RAINCHECK_ASYNC_TIMEOUT: '1500' })).toBe(1_500)
    expect(await limits({ RAINCHECK_ASYNC_TIMEOUT: '7s' }, '--async-timeout', '9s')).toBe(9_000)
    const { exitCode, stderr } = await runToEnd(home, ['.'], [], {
      environment: { RAINCHECK_ASYNC_TIMEOUT: 'soon' },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/RAINCHECK_ASYNC_TIMEOUT must be/)
  })

  it('answers those who write all their requests and close their end at once', async () => {
    const home = await temporaryFolder()
    const { exitCode, answers, stderr } = await runToEnd(
      home,
      [home],
      [
        { id: 2, method: 'tools/list' },
        { id: 3, method: 'tools/call', params: { name: 'list_formats', arguments: {} } },
      ],
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(answers.map(({ id }) => id)).toEqual([1, 2, 3])
    expect(answers[2]?.result).toMatchObject({ structuredContent: { formats: expect.any(Array) } })
  })

  it('ends by itself when its client does, by SIGTERM and by Ctrl-C, with the exit code that says so', async () => {
    const home = await temporaryFolder()
    for (const [signal, exitCode] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      const server = start(home, ['.'])
      await firstAnswer(server)
      server.kill(signal)
      expect((await once(server, 'exit'))[0], signal).toBe(exitCode)
    }
    const server = start(home, ['.'])
    await firstAnswer(server)
    server.stdin.end()
    expect((await once(server, 'exit'))[0]).toBe(0)
  })
})

/** By that it listens to signals. */
async function firstAnswer(server: ReturnType<typeof start>): Promise<void> {
  server.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
  await once(server.stdout, 'data')
}
