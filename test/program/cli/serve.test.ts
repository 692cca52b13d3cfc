import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient } from '../../../src/http/client.js'
import type { Ref } from '../../../src/index.js'
import { allGone, documents, endWorker, raincheck } from '../../support/cli.js'
import { serve } from '../../support/serve-command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function homeWithDocuments(): Promise<string> {
  const home = await temporaryFolder()
  await mkdir(join(home, 'docs'))
  await copyFile(join(documents, 'article.html'), join(home, 'docs', 'article.html'))
  return home
}

describe('raincheck serve', () => {
  it('converts documents of the allowed folders alone', async () => {
    const home = await homeWithDocuments()
    await writeFile(join(home, 'secret.html'), '<h1>Secret</h1>')
    await symlink(join(home, 'secret.html'), join(home, 'docs', 'link.html'))
    const { url } = await serve(home, ['docs'])
    const client = createClient(url)
    const answer = await client.call('convert', { path: 'article.html' })
    expect(answer).toMatchObject({ status: 'complete', value: { format: 'html' } })
    for (const path of ['../secret.html', 'link.html', join(home, 'secret.html'), 'missing.html', '', 5])
      await expect(client.call('convert', { path })).rejects.toMatchObject({
        status: 422,
        code: 'INVALID_INPUT',
      })
    const paged = { path: 'article.html', remoteImages: 'strip', pageBreaks: true }
    expect((await client.call('convert', paged)).status).toBe('complete')
    await expect(
      client.call('convert', { ...paged, maxPages: 1 }),
      'the limits are the server’s',
    ).rejects.toThrow(/Unrecognized key: "maxPages"/)
    await expect(client.call('convert-file', {})).rejects.toMatchObject({ code: 'FUNCTION_NOT_REGISTERED' })
    expect(await client.log(answer.ref)).toContain('raincheck: complete')
  })

  it('refuses a document that no format fits before there is a task, by its path in the folder', async () => {
    const home = await homeWithDocuments()
    await writeFile(join(home, 'docs', 'notes.xyz'), 'some text')
    const { url } = await serve(home, ['docs'])
    const client = createClient(url)
    await expect(client.call('convert', { path: 'notes.xyz' })).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(/docs\/notes\.xyz: .*not supported/),
    })
    expect(await client.list()).toEqual({ tasks: [] })
  })

  it('calls the functions of the config file, and other commands see their tasks', async () => {
    const home = await homeWithDocuments()
    await writeFile(
      join(home, 'raincheck.config.mjs'),
      `export default { functions: { square: { asyncTimeout: '5s', run: ({ n }) => n * n } } }`,
    )
    const { url } = await serve(home, ['docs'])
    const { ref } = await createClient(url).call('square', { n: 12 })
    expect(await raincheck(home, ['result', ref])).toMatchObject({ stdout: '144\n', exitCode: 0 })
    const retried = await createClient(url).call('convert', { path: 'article.html' })
    expect(retried.status).toBe('complete')
  })

  it('serves MCP at /mcp, to whoever has a token, with the tasks that it has over HTTP', async () => {
    const home = await homeWithDocuments()
    const { url } = await serve(home, ['docs', '--token', 'ann=0123456789abcdef'])
    const connect = async (headers: Record<string, string>) => {
      const client = new Client({ name: 'test', version: '1' })
      onTestFinished(() => client.close())
      const transport = new StreamableHTTPClientTransport(new URL('mcp', url), { requestInit: { headers } })
      await client.connect(transport as Transport)
      return client
    }
    await expect(connect({})).rejects.toThrow(/401/)
    const client = await connect({ authorization: 'Bearer 0123456789abcdef' })
    const { isError, content } = await client.callTool({
      name: 'convert_file',
      arguments: { path: 'article.html', responseFormat: 'full' },
    })
    expect({ isError, text: JSON.stringify(content) }).toMatchObject({ text: expect.stringContaining('# ') })
    const { tasks } = await createClient(url, { token: '0123456789abcdef' }).list()
    expect(tasks).toMatchObject([{ name: 'convert', status: 'complete' }])
    expect(
      (await fetch(new URL('mcp', url), { headers: { authorization: 'Bearer 0123456789abcdef' } })).status,
    ).toBe(405)
  })

  it('shows the page, its modules, and nothing else of the package', async () => {
    const { url } = await serve(await homeWithDocuments(), ['docs'])
    const page = await fetch(url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, link]) => link as string,
    )
    expect(links).toEqual(['page/icon.svg', 'page/page.css', 'page/dialogs.css', 'page/main.js'])
    for (const link of [...links, 'page/client.js'])
      expect((await fetch(new URL(link, url))).status).toBe(200)
    for (const path of ['page/app.js', 'page/..%2fapp.js', 'page/%2e%2e/app.js', 'page/constructor'])
      expect((await fetch(new URL(path, url))).status).toBe(404)
  })

  it('leaves to the worker what it could not finish, when it is told to end', async () => {
    const home = await homeWithDocuments()
    await writeFile(
      join(home, 'raincheck.config.mjs'),
      `import { existsSync } from 'node:fs'
      export default { concurrency: 1, functions: { gate: { asyncTimeout: 0, run: async ({ path, n }) => {
        while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20))
        return n
      } } } }`,
    )
    const { url, process: server, ended } = await serve(home, ['docs'])
    const path = join(home, 'open')
    const client = createClient<{ gate: (input: { path: string; n: number }) => number }>(url)
    const refs: Ref<number>[] = []
    for (const n of [1, 2, 3]) refs.push((await client.call('gate', { path, n }, { asyncTimeout: 0 })).ref)
    server.kill('SIGTERM')
    await writeFile(path, '')
    expect((await ended).exitCode).toBe(0)
    const { stdout, exitCode } = await raincheck(home, ['wait', ...refs, '--timeout', '20s', '--json'])
    expect(exitCode).toBe(0)
    expect(stdout.match(/"complete"/g)).toHaveLength(3)
    await endWorker(home)
    await allGone(home)
  })

  it('lets nobody in without a token who has none, and gives each a scope', async () => {
    const home = await homeWithDocuments()
    const [alice, bob] = ['alice-0123456789abcdef', 'bob-0123456789abcdef']
    const RAINCHECK_ADMIN_TOKEN = 'admin-0123456789abcdef'
    const { url } = await serve(home, ['docs'], {
      RAINCHECK_TOKENS: `alice=${alice},bob=${bob}`,
      RAINCHECK_ADMIN_TOKEN,
    })
    await expect(createClient(url).list()).rejects.toMatchObject({ status: 401 })
    const { ref } = await createClient(url, { token: alice }).call('convert', { path: 'article.html' })
    await expect(createClient(url, { token: bob }).poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    const queue = await fetch(new URL('queue', url), {
      headers: { Authorization: `Bearer ${RAINCHECK_ADMIN_TOKEN}` },
    })
    expect(await queue.json()).toMatchObject({ running: 0, paused: false })
  })

  it('does not start where that would be wrong, and says why', async () => {
    const home = await homeWithDocuments()
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const cases: [string[], number, RegExp][] = [
      [[], 2, /missing required argument 'dir'/],
      [['nowhere'], 1, /nowhere does not exist; name one that does/],
      [['docs', '--host', '0.0.0.0'], 1, /others reach 0\.0\.0\.0: give each client a token/],
      [['docs', '--token', 'alice'], 1, /token 1 must be name=secret/],
      [['docs', '--token', 'alice=short'], 1, /tokens\.alice must be 16 or more/],
      [
        ['docs', '--host', 'fe80::1%nowhere', '--token', 'alice=0123456789abcdef'],
        1,
        /%nowhere cannot be listened on/,
      ],
      [['docs', '--port', 'x'], 2, /from 0 to 65535/],
      [['docs', '--port', String(port)], 1, new RegExp(`port ${port} of 127.0.0.1 is in use`)],
    ]
    for (const [args, code, message] of cases) {
      const { stderr, exitCode } = await raincheck(home, ['serve', ...args])
      expect({ args, exitCode, stderr }).toEqual({
        args,
        exitCode: code,
        stderr: expect.stringMatching(message),
      })
    }
  })
})
