import { describe, expect, it, onTestFinished } from 'vitest'
import { registerCachedTool } from '../../../src/mcp/index.js'
import { type HttpHandler, notifyingHandler } from '../../../src/mcp/tasks/index.js'
import { pass, useFakeTime } from '../../support/rain.js'
import { held } from './listening.js'
import { localHandler, newRain } from './local.js'

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
}

const headers = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'subscriptions/listen',
}

const messageOf = (params: object) => ({
  ...{ jsonrpc: '2.0', id: 'sub', method: 'subscriptions/listen' },
  params: { ...params, _meta: meta },
})

const requestOf = (params: object, signal?: AbortSignal) =>
  new Request('http://127.0.0.1/mcp', {
    ...{ method: 'POST', headers, body: JSON.stringify(messageOf(params)) },
    ...(signal ? { signal } : {}),
  })

async function handling() {
  const rain = newRain()
  const { wrapped, ends } = held(rain)
  const handler = localHandler(rain, (server) => registerCachedTool(server, 'held', wrapped))
  const { ref } = await wrapped({ id: 'one' })
  const listen = (notifications: object) => handler.fetch(requestOf({ notifications }))
  return { handler, ref, listen, end: () => ends.get('one')?.resolve('done') }
}

/** What comes on a stream, as text, as it is read. */
function readerOf({ body }: Response) {
  if (!body) throw new Error('the answer has no body')
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  onTestFinished(() => void reader.cancel().catch(() => {}))
  const until = async (part: string): Promise<string> => {
    for (let text = ''; ; ) {
      const { done, value = '' } = await reader.read()
      text += value
      if (done || text.includes(part)) return text
    }
  }
  return { until, cancel: () => reader.cancel() }
}

describe('a handler over HTTP that tells of tasks', () => {
  it('takes a body that was read before, as frameworks hand it on', async () => {
    const { handler, ref, end } = await handling()
    const request = requestOf({})
    await request.text()
    const parsedBody = messageOf({ notifications: { taskIds: [ref] } })
    const { until } = readerOf(await handler.fetch(request, { parsedBody }))
    expect(await until('"status":"working"')).toContain(`"taskIds":["${ref}"]`)
    end()
    expect(await until('"status":"completed"')).toContain('done')
  })

  it('leaves the refusal of a request that says nothing of what it wants to the SDK', async () => {
    const { handler } = await handling()
    const response = await handler.fetch(requestOf({}))
    expect(await response.json()).toMatchObject({ id: 'sub', error: { code: -32_602 } })
  })

  it('sends a comment every 15 s, so that nothing between takes the stream for dead', async () => {
    const { ref, listen } = await handling()
    useFakeTime()
    // The SDK does the same on a stream of its own, which this one goes through.
    for (const notifications of [{ taskIds: [ref] }, { toolsListChanged: true, taskIds: [ref] }]) {
      const { until, cancel } = readerOf(await listen(notifications))
      const begun = until('"status":"working"')
      await pass(1_000)
      await begun
      const comment = until(': keepalive')
      await pass(15_000)
      expect(await comment).toMatch(/^: keepalive\n\n/)
      await cancel()
    }
  })

  it('serves 1,024 streams at once, and another when one of them has ended', async () => {
    const rain = newRain()
    const { ref } = await held(rain).wrapped({ id: 'one' })
    // The SDK would take ten seconds for so many; what counts is that each has a stream.
    const answered = { headers: { 'content-type': 'text/event-stream' } }
    const silent: HttpHandler = {
      fetch: async () => new Response(new ReadableStream(), answered),
      close: async () => {},
    }
    const handler = notifyingHandler(silent, rain)
    const listen = () => handler.fetch(requestOf({ notifications: { taskIds: [ref] } }))
    const open = await Promise.all(Array.from({ length: 1_024 }, listen))
    const refused = await listen()
    expect(await refused.json()).toMatchObject({
      error: { code: -32_603, message: 'Subscription limit reached' },
    })
    await open[0]?.body?.cancel()
    const taken = await listen()
    expect(taken.headers.get('content-type')).toBe('text/event-stream')
    await Promise.all([taken, ...open.slice(1)].map(({ body }) => body?.cancel()))
  })
})
