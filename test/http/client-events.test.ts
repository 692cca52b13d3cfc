import { Hono } from 'hono'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { follow, isReady, serveApp } from '../support/serve.js'

const READY = 'event: ready\nid: e.1\ndata: {"resumed":false}\n\n'

/** Time passes when the test says so, but for what the network takes. */
function useFakeTimers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  return async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms)
    await new Promise(setImmediate)
  }
}

/** A server that tells what the test writes, and from where on it was asked to. */
async function written() {
  const asked: (string | undefined)[] = []
  let out: ReadableStreamDefaultController<Uint8Array> | undefined
  const app = new Hono().get('/events', (c) => {
    asked.push(c.req.header('last-event-id'))
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        out = controller
      },
    })
    return c.body(stream, 200, { 'Content-Type': 'text/event-stream' })
  })
  const write = (text: string) => out?.enqueue(Buffer.from(text))
  return { asked, write, ...(await serveApp(app)) }
}

describe('the client’s stream of events', () => {
  it('is lost when nothing has come for 45 s, and is asked for again after half a second, from where it was', async () => {
    const pass = useFakeTimers()
    const { asked, write, url } = await written()
    const { heard, hear } = follow(url)
    await expect.poll(() => asked).toEqual([undefined])
    write(READY)
    await hear(isReady())
    await pass(44_999)
    write(': ping\n\n')
    write('event: removed\ndata: {"ref":"rc_1"}\n\n')
    await hear(({ type }) => type === 'removed')
    await pass(44_999)
    expect(heard).toEqual([
      { type: 'ready', resumed: false },
      { type: 'removed', ref: 'rc_1' },
    ])
    await pass(1)
    await hear(({ type }) => type === 'lost')
    await pass(499)
    expect(asked).toHaveLength(1)
    await pass(1)
    await expect.poll(() => asked).toEqual([undefined, 'e.1'])
  })

  it('is asked for again when a proxy has answered without a body', async () => {
    const pass = useFakeTimers()
    let times = 0
    const app = new Hono().get('/events', (c) => (times++ === 0 ? c.body(null, 204) : c.body(READY)))
    const { url } = await serveApp(app)
    const { heard, hear } = follow(url)
    await hear(({ type }) => type === 'lost')
    await pass(0)
    await pass(500)
    await hear(isReady())
    expect(heard.slice(0, 2)).toEqual([{ type: 'lost' }, { type: 'ready', resumed: false }])
  })
})
