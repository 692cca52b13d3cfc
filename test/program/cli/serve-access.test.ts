import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../../src/http/client.js'
import { raincheck } from '../../support/cli.js'
import { homeWithFunctions } from '../../support/command.js'
import { hasIPv6 } from '../../support/ipv6.js'
import { serve } from '../../support/serve-command.js'
import { httpV1, httpV2 } from '../mcp-server/clients.js'

const functions = `
  chatty: { asyncTimeout: '20s', run: async ({ lines }, task) => {
    for (let n = 0; n < lines; n++) task.log(n + ' ' + 'é'.repeat(500))
    return lines
  } },
`

/** With a folder that may be read, and a page in it. */
async function homeWithPage(): Promise<string> {
  const home = await homeWithFunctions(functions)
  await mkdir(join(home, 'docs'))
  await writeFile(join(home, 'docs/page.html'), '<h1>Rain</h1>')
  return home
}

/** By node:http, since fetch lets nobody choose the Host. @returns The status. */
function get(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    sent.on('error', reject).end()
  })
}

describe('raincheck serve without tokens', () => {
  it('has the tasks of the command line, for clients of HTTP and of both protocols of MCP', async () => {
    const home = await homeWithPage()
    await raincheck(home, ['run', 'chatty', '{"lines":1}'])
    const [{ ref }] = JSON.parse((await raincheck(home, ['status', '--json'])).stdout)
    const { url } = await serve(home, ['docs'])
    const client = createClient(url)
    expect(await client.poll(ref)).toMatchObject({ status: 'complete', value: 1 })
    expect(await client.log(ref), 'of a foreground task').toBe('')
    for (const connect of [httpV1, httpV2]) {
      const { call } = await connect(`${url}mcp`)
      const { structuredContent } = await call('get_task_status', { ref })
      expect(structuredContent).toMatchObject({ ref, status: 'complete' })
    }
  })

  it('shows the end of a long log, from the beginning of a line on', async () => {
    const { url } = await serve(await homeWithPage(), ['docs'])
    const client = createClient(url)
    const { ref } = await client.call('chatty', { lines: 400 })
    await expect.poll(() => client.log(ref), { timeout: 10_000 }).toMatch(/raincheck: complete\n$/)
    const [first = '', second = '', ...others] = (await client.log(ref)).trimEnd().split('\n')
    expect(first).toMatch(/^\(the first \d+ bytes are left out\)$/)
    // A line has a time, its number and 1,000 bytes: some 250 of the 400 are in 256 KiB.
    expect(second).toMatch(/^\S+Z 1[45]\d é{500}$/)
    expect(others.at(-2)).toMatch(/^\S+Z 399 é{500}$/)
    expect(Buffer.byteLength([second, ...others, ''].join('\n'))).toBeLessThanOrEqual(256 * 1024)
  })
})

describe('raincheck serve --host', () => {
  const token = 'ann-0123456789abcdef'
  const authorization = `Bearer ${token}`

  it.skipIf(!hasIPv6)(
    `answers under the address that it listens on and the names that are allowed, and under no other${hasIPv6 ? '' : ' (there is no IPv6 here)'}`,
    async () => {
      // To the command it is an address that others reach; in truth it is one of this machine.
      const args = ['docs', '--host', '::ffff:127.0.0.1', '--token', `ann=${token}`]
      const { url } = await serve(await homeWithPage(), [...args, '--allow-host', 'rain.example'])
      expect(url).toMatch(/^http:\/\/\[::ffff:127\.0\.0\.1\]:\d+\/$/)
      expect(await createClient(url, { token }).list()).toEqual({ tasks: [] })
      const { port } = new URL(url)
      const tasks = `http://127.0.0.1:${port}/tasks`
      for (const host of ['rain.example', `rain.example:${port}`, `[::ffff:7f00:1]:${port}`])
        expect({ host, status: await get(tasks, { host, authorization }) }).toEqual({ host, status: 200 })
      for (const host of ['evil.example', `[::ffff:7f00:2]:${port}`])
        expect({ host, status: await get(tasks, { host, authorization }) }).toEqual({ host, status: 421 })
      expect(await get(tasks, { host: 'rain.example' }), 'without a token').toBe(401)
    },
  )

  it.skipIf(process.platform !== 'linux')(
    `answers under another address of the loopback${process.platform === 'linux' ? '' : ' (only Linux has more than one)'}`,
    async () => {
      const { url } = await serve(await homeWithPage(), ['docs', '--host', '127.0.0.2'])
      expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+\/$/)
      expect(await createClient(url).list()).toEqual({ tasks: [] })
    },
  )
})
