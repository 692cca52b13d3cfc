import { copyFile, mkdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../mcp/peers.js'
import { documents, raincheck } from '../../support/cli.js'
import { hasIPv6 } from '../../support/ipv6.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, httpV1, httpV2, startHttp } from './clients.js'

async function place() {
  const home = await temporaryFolder()
  const folder = join(home, 'documents')
  await mkdir(folder)
  await copyFile(join(documents, 'minutes.docx'), join(folder, 'minutes.docx'))
  return { home, folder }
}

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })

interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** By node:http, since fetch lets nobody choose the Host. */
function send(url: string, { method = 'POST', headers = {}, body = ping }: Sent = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const accept = 'application/json, text/event-stream'
      const sent = request(
        url,
        { method, agent: false, headers: { accept, 'content-type': 'application/json', ...headers } },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (part: string) => {
            text += part
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
        },
      )
      sent.on('error', reject)
      sent.end(method === 'POST' ? body : undefined)
    },
  )
}

describe('raincheck mcp --http', () => {
  it('serves a loopback address by default, and tells the port that it found', async () => {
    const { home, folder } = await place()
    const { url, end } = await startHttp(home, [folder])
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
    expect((await send(url)).status).toBe(200)
    expect(await end()).toBe(143)
  })

  it('refuses names that others may have lead here (DNS rebinding), and origins of other sites', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [folder])
    const { host } = new URL(url)
    for (const headers of [{ host: 'evil.example' }, { host: `evil.example:${new URL(url).port}` }])
      expect((await send(url, { headers })).status, JSON.stringify(headers)).toBe(403)
    for (const origin of ['http://evil.example', 'null', 'https://localhost.evil.example'])
      expect((await send(url, { headers: { host, origin } })).status, origin).toBe(403)
    for (const headers of [
      { host: 'localhost' },
      { host, origin: `http://${host}` },
      { origin: 'http://localhost:5173' },
    ])
      expect((await send(url, { headers })).status, JSON.stringify(headers)).toBe(200)
  })

  it.skipIf(!hasIPv6)(
    `on an address that others reach takes any name of its own, and origins of that name alone${hasIPv6 ? '' : ' (there is no IPv6 here)'}`,
    async () => {
      const { home, folder } = await place()
      // To the command it is an address that others reach; in truth it is one of this machine.
      const args = ['--host', '::ffff:127.0.0.1', '--token', 'ann=the-secret-of-ann']
      const { port } = new URL((await startHttp(home, [folder, ...args])).url)
      const ask = async (headers: Record<string, string>) => {
        const authorization = 'Bearer the-secret-of-ann'
        return (await send(`http://127.0.0.1:${port}/mcp`, { headers: { authorization, ...headers } })).status
      }
      for (const host of ['rain.example', `rain.example:${port}`, `127.0.0.1:${port}`]) {
        expect(await ask({ host }), host).toBe(200)
        expect(await ask({ host, origin: `http://${host}` }), host).toBe(200)
        expect(await ask({ host, origin: 'http://evil.example' }), host).toBe(403)
      }
      expect(await ask({ host: 'rain.example', authorization: 'Bearer other' })).toBe(401)
    },
  )

  it.skipIf(!hasIPv6)(
    `tells an address of IPv6 as URLs have it${hasIPv6 ? '' : ' (there is no IPv6 here)'}`,
    async () => {
      const { home, folder } = await place()
      const { url } = await startHttp(home, [folder, '--host', '::1'])
      expect(url).toMatch(/^http:\/\/\[::1\]:\d+\/mcp$/)
      expect((await send(url)).status).toBe(200)
      expect((await send(url, { headers: { host: 'evil.example' } })).status).toBe(403)
    },
  )

  it('takes no more than a megabyte, and nothing but POST of JSON', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [folder])
    expect((await send(url, { body: `"${'x'.repeat(1_100_000)}"` })).status).toBe(413)
    expect((await send(url, { body: '{' })).status).toBe(400)
    expect((await send(url, { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, headers } = await send(url, { method })
      expect({ status, allow: headers.allow }, method).toEqual({ status: 405, allow: 'POST' })
    }
    expect((await send(url.replace('/mcp', '/'))).status).toBe(404)
    expect((await send(url)).status, 'it still serves').toBe(200)
  })

  it('with tokens serves those alone who show one', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [
      folder,
      '--token',
      'ann=the-secret-of-ann',
      '--token',
      'bob=the-secret-of-bob',
    ])
    const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
    const none = await send(url)
    expect(none.status).toBe(401)
    expect(none.headers['www-authenticate']).toMatch(/^Bearer/)
    for (const token of ['the-secret-of-eve', 'ann', 'the-secret-of-an'])
      expect((await send(url, withToken(token))).status, token).toBe(401)
    expect((await send(url, withToken('the-secret-of-ann'))).status).toBe(200)
    expect((await send(url, withToken('the-secret-of-bob'))).status).toBe(200)
  })

  it('takes its tokens from the environment, which other users of the machine cannot see', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [folder], { RAINCHECK_TOKENS: 'ann=the-secret-of-ann' })
    expect((await send(url)).status).toBe(401)
    const headers = { authorization: 'Bearer the-secret-of-ann' }
    expect((await send(url, { headers })).status).toBe(200)
  })

  it('keeps what one token has started unknown to every other, also over a restart', async () => {
    const { home, folder } = await place()
    const args = [folder, '--token', 'ann=the-secret-of-ann', '--token', 'bob=the-secret-of-bob']
    const first = await startHttp(home, args)
    const ann = await httpV1(first.url, 'the-secret-of-ann')
    const bob = await httpV2(first.url, 'the-secret-of-bob')
    const { ref } = fieldsOf<{ ref: string }>(await ann.call('start_conversion', { path: 'minutes.docx' }))
    expect(fieldsOf(await ann.call('get_task_result', { ref }))).toMatchObject({ status: 'complete' })
    for (const tool of ['get_task_result', 'get_task_status', 'cancel_task', 'retry_task'])
      expect(textOf(await bob.call(tool, { ref })), tool).toMatch(/REF_NOT_FOUND/)
    expect(fieldsOf(await bob.call('list_tasks'))).toEqual({ tasks: [] })
    expect(fieldsOf<{ tasks: [] }>(await ann.call('list_tasks')).tasks).toHaveLength(1)
    // Bob's own conversion of the same document is not answered by Ann's.
    const own = fieldsOf(await bob.call('start_conversion', { path: 'minutes.docx' }))
    expect(own.ref).not.toBe(ref)
    await first.end()
    const second = await startHttp(home, args)
    const later = await httpV2(second.url, 'the-secret-of-ann')
    expect(fieldsOf(await later.call('get_task_result', { ref }))).toMatchObject({ status: 'complete' })
  })

  it('serves many clients at once', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [folder])
    const clients = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 ? httpV1(url) : httpV2(url))),
    )
    const results = await Promise.all(
      clients.map(({ call }) => call('convert_file', { path: 'minutes.docx' })),
    )
    for (const result of results) expect(fieldsOf(result).markdown).toMatch(/^# Minutes/)
  })

  it.each([
    [
      ['--http', '0', '--host', '0.0.0.0'],
      /others reach 0\.0\.0\.0: give each client a token, --token name=secret/,
    ],
    [['--http', '0', '--token', 'ann'], /token 1 must be name=secret/],
    [['--http', '0', '--token', 'ann=one', '--token', 'ann=two'], /two tokens with the name ann/],
    [
      ['--http', '0', '--token', 'ann=one-secret-of-both', '--token', 'bob=one-secret-of-both'],
      /tokens must be different for each scope/,
    ],
    [['--http', '0', '--token', 'ann=one'], /tokens\.ann must be 16 or more/],
    [['--token', 'ann=one'], /add --http <port>/],
    [['--http', '70000'], /from 0 to 65535/],
    [
      ['--http', '0', '--host', '192.0.2.1', '--token', 'ann=the-secret-of-ann'],
      /port 0 of 192\.0\.2\.1 cannot be listened on/,
    ],
  ])('does not start with %j, and says what to do', async (args, reason) => {
    const { home, folder } = await place()
    const { exitCode, stdout, stderr } = await raincheck(home, ['mcp', folder, ...args])
    expect({ failed: exitCode !== 0, stdout }).toEqual({ failed: true, stdout: '' })
    expect(stderr).toMatch(reason)
    expect(stderr).not.toMatch(/=one|=two|one-secret-of-both/)
  })

  it('tells when the port is in use', async () => {
    const { home, folder } = await place()
    const { url } = await startHttp(home, [folder])
    const { exitCode, stderr } = await raincheck(home, ['mcp', folder, '--http', new URL(url).port])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/is in use; choose another, or --http 0 for any that is free/),
    })
  })
})
