import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { zipFile } from '../../convert/zip-file.js'
import { textOf } from '../../mcp/peers.js'
import { allGone, documents, endWorker, processesOf } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, httpV1, startHttp, stdioV1 } from './clients.js'
import { start } from './raw-process.js'

/** A document that takes seconds to convert: longer than the second that a server stays which is told to end. */
async function slowDocument(handbooks = 2) {
  const home = await temporaryFolder()
  const folder = join(home, 'documents')
  await mkdir(folder)
  const content = await readFile(join(documents, 'handbook.pdf'))
  const entries = Array.from({ length: handbooks }, (_, at) => ({ name: `handbook-${at}.pdf`, content }))
  await writeFile(join(folder, 'slow.zip'), zipFile(entries))
  await copyFile(join(documents, 'minutes.docx'), join(folder, 'minutes.docx'))
  return { home, folder }
}

/** Asks again as often as an agent would, until there is a result. */
async function redeem(home: string, folder: string, ref: string) {
  const { call, close } = await stdioV1(home, [folder])
  for (;;) {
    const result = await call('get_task_result', { ref, waitSeconds: 10 })
    const { status } = fieldsOf(result)
    if (status === 'pending' || status === 'processing') continue
    await close()
    return result
  }
}

describe('when the client of raincheck mcp leaves while a conversion runs,', () => {
  it('the server ends soon, the worker goes on, and a later session redeems the ref', async () => {
    const { home, folder } = await slowDocument()
    const first = await stdioV1(home, [folder])
    const { ref, status } = fieldsOf<{ ref: string; status: string }>(
      await first.call('start_conversion', { path: 'slow.zip' }),
    )
    expect(status).toMatch(/pending|processing/)
    const before = processesOf(home)
    await first.close()
    const after = processesOf(home)
    expect(after, 'the worker, and its child once it has one').not.toEqual([])
    expect(before.filter((id) => after.includes(id))).toEqual([])
    const result = await redeem(home, folder, ref)
    expect(fieldsOf(result)).toMatchObject({ status: 'complete', ref })
    expect(textOf(result)).toMatch(/Handbook for Observers/)
    await endWorker(home)
  }, 120_000)

  it('also when it is killed, and never closes its end itself', async () => {
    const { home, folder } = await slowDocument()
    const server = start(home, [folder])
    const answered = new Promise<string>((resolve) =>
      server.stdout.once('data', (part) => resolve(String(part))),
    )
    const params = { name: 'start_conversion', arguments: { path: 'slow.zip' } }
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`)
    const { ref } = (JSON.parse(await answered) as { result: { structuredContent: { ref: string } } }).result
      .structuredContent
    // What the kernel does to the pipes of a client that is killed.
    server.stdin.destroy()
    server.stdout.destroy()
    await new Promise((resolve) => server.once('exit', resolve))
    expect(fieldsOf(await redeem(home, folder, ref))).toMatchObject({ status: 'complete', ref })
    await endWorker(home)
  }, 120_000)

  it('over HTTP a client that leaves stops nothing, and SIGTERM leaves the work to the worker', async () => {
    const { home, folder } = await slowDocument()
    const server = await startHttp(home, [folder])
    const client = await httpV1(server.url)
    const { ref } = fieldsOf<{ ref: string }>(await client.call('start_conversion', { path: 'slow.zip' }))
    await client.close()
    expect(await server.end()).toBe(143)
    expect(fieldsOf(await redeem(home, folder, ref))).toMatchObject({ status: 'complete', ref })
    await endWorker(home)
  }, 120_000)

  it('a call that waits is answered with its ref, which a later session redeems', async () => {
    const { home, folder } = await slowDocument()
    const server = await startHttp(home, [folder])
    const client = await httpV1(server.url)
    let heard = () => {}
    const begun = new Promise<void>((resolve) => {
      heard = resolve
    })
    const waiting = client.call('convert_file', { path: 'slow.zip' }, { onprogress: heard })
    await begun
    await server.end()
    const { ref, nextStep } = fieldsOf<{ ref: string; nextStep: string }>(await waiting)
    expect(nextStep).toMatch(/get_task_result with this ref/)
    expect(fieldsOf(await redeem(home, folder, ref))).toMatchObject({ status: 'complete' })
    await endWorker(home)
  }, 120_000)

  it('what can end within a second does, and no process is left', async () => {
    const { home, folder } = await slowDocument()
    const { call, close } = await stdioV1(home, [folder])
    await call('convert_file', { path: 'minutes.docx' })
    await close()
    await allGone(home)
  }, 60_000)
})

describe('while the largest document converts,', () => {
  it('its call is answered within asyncTimeout and a second, and another call is served meanwhile', async () => {
    const { home, folder } = await slowDocument(3)
    const { call } = await stdioV1(home, [folder, '--async-timeout', '2s'])
    // What is loaded by the first call is not what this is about.
    await call('convert_file', { path: 'minutes.docx' })
    const startedAt = Date.now()
    const slow = call('convert_file', { path: 'slow.zip' }).then((result) => ({ result, at: Date.now() }))
    const quick = await call('get_server_info').then(() => Date.now())
    const other = await call('convert_file', { path: 'minutes.docx', pageBreaks: true })
    // On a busy machine it may take longer than its window.
    const { ref, markdown } = fieldsOf<{ ref?: string; markdown?: string }>(other)
    expect(markdown ?? textOf(await call('get_task_result', { ref, waitSeconds: 50 }))).toMatch(/# Minutes/)
    const { result, at } = await slow
    expect(fieldsOf(result)).toMatchObject({ status: 'processing', ref: expect.stringMatching(/^rc_/) })
    expect(at - startedAt).toBeLessThan(3_000)
    expect(quick).toBeLessThan(at)
    await call('cancel_task', { ref: fieldsOf(result).ref })
  }, 60_000)
})
