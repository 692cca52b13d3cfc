import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../mcp/peers.js'
import { raincheck } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, stdioV1 } from './clients.js'
import { runToEnd } from './raw-process.js'

const zod = pathToFileURL(join(process.cwd(), 'node_modules/zod/index.js')).href

/** A folder with a config file in it. */
async function place(functions: string, { name = 'raincheck.config.mjs', before = '' } = {}) {
  const home = await temporaryFolder()
  const folder = join(home, 'documents')
  await mkdir(folder)
  const imports = `import { z } from '${zod}'\n${before}\n`
  const text = `${imports}export default { functions: { ${functions} } }\n`
  await writeFile(join(home, name), text)
  return { home, folder }
}

const square = `square: { asyncTimeout: '5s', input: z.object({ n: z.number() }), run: async ({ n }) => n * n },`

describe('raincheck mcp with a config file', () => {
  it('has one tool for each of its functions, beside the bundled ones', async () => {
    const { home, folder } = await place(
      `${square} greet: { asyncTimeout: '5s', run: async ({ name }) => ({ hello: name }) },`,
    )
    const { tools, call } = await stdioV1(home, [folder])
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['convert_file', 'square', 'greet']))
    expect(textOf(await call('square', { n: 12 }))).toBe('144')
    expect(textOf(await call('square', { n: 'x' }))).toMatch(/input\.n/)
    // One that declares no input takes any arguments.
    expect(fieldsOf(await call('greet', { name: 'Ann' }))).toEqual({ hello: 'Ann' })
    expect(fieldsOf(await call('get_server_info'))).toMatchObject({ functions: ['square', 'greet'] })
  })

  it('starts them as tasks, too, and redeems and retries those beside the bundled ones', async () => {
    const { home, folder } = await place(
      `${square} fails: { asyncTimeout: '5s', input: z.object({}), run: async () => { throw new Error('no luck') } },`,
    )
    await writeFile(join(folder, 'note.txt'), 'a note')
    const { call } = await stdioV1(home, [folder])
    const start = async (name: string, input: object) =>
      fieldsOf<{ ref: string }>(await call('start_task', { function: name, input })).ref
    const refs = [await start('square', { n: 5 }), await start('convert', { path: 'note.txt' })]
    const results = await Promise.all(refs.map((ref) => call('get_task_result', { ref })))
    expect(results.map((result) => fieldsOf(result).status)).toEqual(['complete', 'complete'])
    expect(results.map(textOf)).toEqual([expect.stringMatching(/25/), expect.stringMatching(/a note/)])
    const failed = await start('fails', {})
    expect(textOf(await call('get_task_result', { ref: failed }))).toMatch(/no luck/)
    expect(fieldsOf<{ ref: string }>(await call('retry_task', { ref: failed })).ref).not.toBe(failed)
    const refused = await call('start_task', { function: 'convert', input: { path: '/etc/passwd' } })
    expect(textOf(refused)).toMatch(/leads outside of the allowed directory/)
  })

  it('goes on with a task once it has an answer to what that asks', async () => {
    const { home, folder } = await place(
      `order: { asyncTimeout: '5s', input: z.object({ item: z.string() }), run: async ({ item }, task) =>
        [item, await task.ask('colour', { message: 'Which colour?' })].join() },`,
    )
    const { call } = await stdioV1(home, [folder])
    const started = await call('start_task', { function: 'order', input: { item: 'shirt' } })
    const { ref } = fieldsOf<{ ref: string }>(started)
    const status = async () => fieldsOf<{ requests?: object }>(await call('get_task_status', { ref }))
    await expect
      .poll(async () => (await status()).requests, { timeout: 10_000 })
      .toMatchObject({ colour: {} })
    const unknown = await call('answer_task', { ref: `rc_${'0'.repeat(22)}`, answers: { colour: 'red' } })
    expect(textOf(unknown)).toMatch(/REF_NOT_FOUND/)
    const wrong = await call('answer_task', { ref, answers: { size: 7 } })
    expect(textOf(wrong)).toMatch(/an answer to: colour/)
    expect((await call('answer_task', { ref, answers: { colour: 'red' } })).isError).toBeFalsy()
    expect(textOf(await call('get_task_result', { ref }))).toMatch(/shirt,red/)
  })

  it('lets nothing but the protocol onto stdout, whatever the file and its functions print', async () => {
    const { home, folder } = await place(
      `noisy: { asyncTimeout: '5s', input: z.object({}), run: async () => {
        console.log('the function'); process.stdout.write('the function\\n'); return 'quiet' } },`,
      { before: `console.log('the file'); process.stdout.write('the file\\n')` },
    )
    const { answers, stderr } = await runToEnd(
      home,
      [folder],
      [{ id: 2, method: 'tools/call', params: { name: 'noisy', arguments: {} } }],
      { answers: 2 },
    )
    expect(answers.map(({ id }) => id)).toEqual([1, 2])
    expect(answers[1]?.result).toMatchObject({ content: [{ text: 'quiet' }] })
    expect(stderr).toBe('the file\nthe file\n')
  })

  it.each(['convert_file', 'get_task_result', 'list_formats'])(
    'does not start when a function has the name of its own tool %s',
    async (name) => {
      const { home, folder } = await place(`${name}: { asyncTimeout: '5s', run: async () => 1 },`)
      const { exitCode, stdout, stderr } = await raincheck(home, ['mcp', folder])
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toContain(`there is a tool '${name}' already`)
    },
  )

  it.each(['convert', 'convert-batch'])(
    'does not start when a function has the name of the bundled %s, as which tasks are started, too',
    async (name) => {
      const { home, folder } = await place(`'${name}': { asyncTimeout: '5s', run: async () => 1 },`)
      for (const command of ['mcp', 'serve'])
        expect(await raincheck(home, [command, folder])).toEqual({
          stdout: '',
          stderr: `raincheck: there is a bundled function '${name}' already: give the one of the config file another name\n`,
          exitCode: 1,
        })
    },
  )

  it('takes the file that --config names, and refuses one that is not there', async () => {
    const { home, folder } = await place(square, { name: 'other.mjs' })
    const { tools } = await stdioV1(home, [folder, '--config', join(home, 'other.mjs')])
    expect(tools.map(({ name }) => name)).toContain('square')
    const { exitCode, stderr } = await raincheck(home, ['mcp', folder, '--config', 'gone.mjs'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/gone\.mjs cannot be loaded/)
  })

  it('waits no longer than its own asyncTimeout for them, whatever they say', async () => {
    const { home, folder } = await place(
      `slow: { asyncTimeout: '10m', input: z.object({}), run: (_, { signal }) => new Promise((_, fail) => signal.addEventListener('abort', fail)) },`,
    )
    const { call } = await stdioV1(home, [folder], { RAINCHECK_ASYNC_TIMEOUT: '300ms' })
    const { status, ref } = fieldsOf<{ status: string; ref: string }>(await call('slow'))
    expect(status).toMatch(/pending|processing/)
    // Told to stop, or stopped before a process had come to it.
    expect(fieldsOf(await call('cancel_task', { ref })).result).toMatch(/^(requested|cancelled)$/)
    expect(fieldsOf(await call('get_task_status', { ref }))).toMatchObject({ status: 'cancelled' })
  })
})
