import { readFile, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, it } from 'vitest'
import { fixture } from '../../support/child.js'
import { binary, documents, type Ended } from '../../support/cli.js'
import { homeWithFunctions, startProgram } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { whenDone } from '../../support/when-done.js'

/** As a Node without SQLite of its own, where @keyv/sqlite is not installed. */
const bare = [
  ...(isBuiltin('node:sqlite') ? ['--no-experimental-sqlite'] : []),
  ...['--import', fixture('without-sqlite.mjs'), binary],
]
const raincheck = (home: string, ...args: string[]) =>
  startProgram(process.execPath, [...bare, ...args], home).ended
/** The same, with a driver whose binary is damaged. */
const onDamaged = (home: string, ...args: string[]) =>
  startProgram(process.execPath, [...bare, ...args], home, { DRIVER: 'broken' }).ended

const remedy = /`npm install raincheck @keyv\/sqlite`, or use Node 22\.13 or later$/
const rebuild = /`npm rebuild sqlite3 --ignore-scripts=false`, or use Node 22\.13 or later$/
const ref = 'rc_0123456789012345678901'
const square = "square: { asyncTimeout: '5s', run: async ({ n }) => n * n },"

/** The lines on standard error, each without its prefix. */
function told({ stderr }: Ended): string[] {
  expect(stderr).toMatch(/^(?:raincheck: [^\n]+\n)*$/)
  return stderr.split('\n').flatMap((line) => (line === '' ? [] : [line.slice('raincheck: '.length)]))
}

describe('without a driver for SQLite', () => {
  it('commands that need no store work as ever', async () => {
    const home = await temporaryFolder()
    const ended = await Promise.all(
      [['--version'], ['--help'], ['formats'], ['completion', 'bash']].map((args) =>
        raincheck(home, ...args),
      ),
    )
    for (const one of ended) {
      expect(one).toMatchObject({ exitCode: 0, stderr: '' })
      expect(one.stdout).not.toBe('')
    }
  })

  it('documents are converted, and one line says that the results are not kept', async () => {
    const home = await temporaryFolder()
    const sources = ['article.html', 'minutes.docx'].map((name) => documents + name)
    const ended = await raincheck(home, 'convert', ...sources, '-o', 'out')
    expect(ended.exitCode).toBe(0)
    expect(await readFile(join(home, 'out/minutes.md'), 'utf8')).toContain('\n# ')
    const [line, ...others] = told(ended)
    expect(others).toEqual([])
    expect(line).toMatch(/^the result is not kept for later: a store in SQLite needs @keyv\/sqlite/)
    expect(line).toMatch(remedy)
  })

  it('a function runs, and one line says that its value is not kept', async () => {
    const ended = await raincheck(await homeWithFunctions(square), 'run', 'square', '{"n":7}')
    expect(ended).toMatchObject({ exitCode: 0, stdout: '49\n' })
    expect(told(ended)).toEqual([expect.stringMatching(/^the result is not kept for later: /)])
  })

  it.each([
    ...['status', 'queue pause', 'worker', `logs ${ref}`, 'serve . --port 0', 'mcp .'],
    ...['run square {"n":7} --background', `convert ${documents}article.html --stdout --background`],
  ])('raincheck %s, which needs one, ends with one line that has the remedy', async (line) => {
    const ended = await raincheck(await homeWithFunctions(square), ...line.split(' '))
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' })
    expect(told(ended)).toEqual([expect.stringMatching(remedy)])
  })

  it('a driver that is damaged is told in one line, too, and --json has its code', async () => {
    const ended = await onDamaged(await temporaryFolder(), 'status', '--json')
    expect(ended.exitCode).toBe(1)
    const message = expect.stringMatching(rebuild)
    expect(told(ended)).toEqual([message])
    expect(JSON.parse(ended.stdout)).toEqual({ error: { code: 'MISSING_PEER', message } })
  })

  it('the doctor says once what is missing, or what is damaged', async () => {
    const home = await temporaryFolder()
    for (const [ended, pattern] of [
      [await raincheck(home, 'doctor'), remedy],
      [await onDamaged(home, 'doctor'), rebuild],
    ] as const) {
      expect(ended).toMatchObject({ exitCode: 1, stderr: '' })
      const wrong = ended.stdout
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('WRONG'))
      expect(wrong).toEqual([expect.stringMatching(/^WRONG SQLite driver: a store in SQLite needs/)])
      expect(wrong[0]).toMatch(pattern)
    }
  })

  it('raincheck mcp keeps tasks in memory, and says so', async () => {
    const home = await temporaryFolder()
    await writeFile(join(home, 'page.html'), '<h1>Rain</h1>')
    const { call, stderr, close } = await serve(home)
    const { status, ref } = await call('convert_file', { path: join(documents, 'handbook.pdf') })
    expect(['pending', 'processing']).toContain(status)
    expect(await call('get_task_result', { ref })).toMatchObject({ status: 'complete' })
    expect(await call('get_server_info')).toMatchObject({ store: 'memory: refs end with this server' })
    await close()
    expect(told({ stderr: stderr(), stdout: '', exitCode: 0 })).toEqual([
      expect.stringMatching(/^tasks are kept in memory until this server ends: a store in SQLite needs/),
    ])
  })
})

/** `raincheck mcp` with a real client, to which each document is slow. */
async function serve(home: string) {
  const args = [...bare, 'mcp', home, documents, '--async-timeout', '1ms']
  const env = { ...(process.env as Record<string, string>), RAINCHECK_HOME: `${home}/data` }
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env,
    cwd: home,
    stderr: 'pipe',
  })
  let text = ''
  transport.stderr?.on('data', (chunk) => {
    text += chunk
  })
  const client = new Client({ name: 'test', version: '1' })
  whenDone(() => client.close())
  await client.connect(transport)
  await client.listTools()
  const call = async (name: string, args = {}) =>
    (await client.callTool({ name, arguments: args })).structuredContent as Record<string, unknown>
  return { call, stderr: () => text, close: () => client.close() }
}
