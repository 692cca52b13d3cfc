import { Hono } from 'hono'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClient, HttpProblem } from '../../src/http/client.js'
import { createHttpApp } from '../../src/http/index.js'
import type { TaskHandle } from '../../src/index.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../support/rain.js'
import { serveApp } from '../support/serve.js'

type Functions = { slow: (input: { n: number }) => number; failing: () => never }

async function client() {
  const rain = rainWith()
  onTestFinished(() => rain.close({ drain: 0 }))
  const held = heldFunction<{ n: number }>()
  const slow = rain.cached({ name: 'slow', asyncTimeout: '5s' })(held.work)
  const failing = rain.cached({ name: 'failing', asyncTimeout: '5s' })(async () => {
    throw new Error('no')
  })
  const app = createHttpApp(rain, {
    functions: [slow, failing],
    readLog: async (ref) => `the log of ${ref}`,
  })
  const server = await serveApp(app)
  return { rain, held, ...server, client: createClient<Functions>(server.url) }
}

describe('the client', () => {
  it('calls, polls and waits as a raincheck does', async () => {
    const { client: rain, held } = await client()
    const options = { asyncTimeout: 0, metadata: { user: 'ada' } }
    const { ref, status, metadata } = await rain.call('slow', { n: 1 }, options)
    expect({ status, metadata }).toEqual({ status: 'processing', metadata: { user: 'ada' } })
    expect(await rain.poll(ref)).toMatchObject({ status: 'processing', pollAfterMs: expect.any(Number) })
    const end = rain.wait(ref)
    held.letGo(7)
    expect(await end).toMatchObject({ status: 'complete', value: 7 })
    expect((await rain.list({ status: 'complete', limit: 5 })).tasks).toHaveLength(1)
    expect(await rain.log(ref)).toBe(`the log of ${ref}`)
  })

  it('cancels, retries and forgets', async () => {
    const { client: rain } = await client()
    const { ref } = await rain.call('slow', { n: 1 }, { asyncTimeout: 0 })
    expect(await rain.cancel(ref)).toBe('requested')
    expect(await rain.wait(ref)).toMatchObject({ status: 'cancelled' })
    const { ref: again } = await rain.retry(ref)
    expect(again).not.toBe(ref)
    await rain.forget(again)
    await expect(rain.poll(again)).rejects.toMatchObject({ status: 404, code: 'REF_NOT_FOUND' })
  })

  it('rejects with the problem that the server tells', async () => {
    const { client: rain } = await client()
    const thrown: HttpProblem = await rain.call('failing').catch((error) => error)
    expect(thrown).toBeInstanceOf(HttpProblem)
    expect(thrown).toMatchObject({ status: 500, code: 'TASK_FAILED', message: 'the task failed: no' })
    expect(thrown.problem.error).toEqual({ name: 'Error', message: 'no' })
  })

  it('rejects with the status of an answer that is none of the server’s own, such as of a proxy', async () => {
    const bodies = ['<h1>Bad Gateway</h1>', 'null', '"down"']
    const proxy = new Hono().get('/tasks', (c) => c.body(bodies[Number(c.req.query('limit'))] ?? '', 502))
    const { url } = await serveApp(proxy)
    for (const limit of bodies.keys()) {
      const thrown = await createClient(url)
        .list({ limit })
        .catch((error) => error)
      expect(thrown).toBeInstanceOf(HttpProblem)
      expect(thrown).toMatchObject({
        ...{ status: 502, code: 'HTTP_ERROR', message: 'the server answered with status 502' },
      })
    }
  })

  it('leaves out of a request what is undefined', async () => {
    const { client: rain } = await client()
    await rain.call('slow', { n: 1 }, { asyncTimeout: 0 })
    const options = { status: undefined, limit: 1 } as object
    expect((await rain.list(options)).tasks).toHaveLength(1)
  })

  it('does not wait for a task that nobody knows', async () => {
    const { client: rain } = await client()
    const { ref } = await rain.call('slow', { n: 1 }, { asyncTimeout: 0 })
    await rain.forget(ref)
    await expect(rain.wait(ref)).rejects.toMatchObject({ status: 404, code: 'REF_NOT_FOUND' })
  })

  it('goes on waiting while the server is away', async () => {
    const { client: rain, held, cut, rain: behind } = await client()
    const { ref } = await rain.call('slow', { n: 1 }, { asyncTimeout: 0 })
    const end = rain.wait(ref)
    // By the time that it is answered the wait before it is under way.
    await rain.list()
    cut()
    held.letGo(7)
    await behind.poll(ref, { wait: '5s' })
    expect(await end).toMatchObject({ status: 'complete', value: 7 })
  })

  it('stops waiting when its signal says so, while the work goes on', async () => {
    const { client: rain, held } = await client()
    const ending = new AbortController()
    const { ref } = await rain.call('slow', { n: 1 }, { asyncTimeout: 0 })
    const end = rain.wait(ref, { signal: ending.signal })
    ending.abort(new Error('enough'))
    await expect(end).rejects.toThrow('enough')
    held.letGo(7)
    expect(await rain.wait(ref)).toMatchObject({ value: 7 })
  })
})

describe('the client’s wait', () => {
  /** A client whose requests go to an app without a network, and how many they were. */
  function offline() {
    useFakeTime()
    const rain = rainWith()
    const app = createHttpApp(rain, { functions: [] })
    const fetched = vi.fn(async (url: URL, init: RequestInit) => app.request(new Request(url, init)))
    vi.stubGlobal('fetch', fetched)
    onTestFinished(() => void vi.unstubAllGlobals())
    return { rain, fetched, client: createClient('http://localhost') }
  }

  it('goes on for longer than a request may take', async () => {
    const { rain, client, fetched } = offline()
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)({})
    const end = client.wait(ref)
    await pass(60_000)
    letGo('done')
    await pass(0)
    expect(await end).toMatchObject({ status: 'complete', value: 'done' })
    expect(fetched).toHaveBeenCalledTimes(3)
  })

  it('looks now and then at a task that waits to be answered', async () => {
    const { rain, client, fetched } = offline()
    const order = rain.cached({ name: 'order', asyncTimeout: 0 })((_: unknown, task: TaskHandle) =>
      task.ask('colour', 'Which colour?'),
    )
    const { ref } = await order({})
    const end = client.wait(ref)
    await pass(5_000)
    // By `pollAfterMs`, which is half a second for a young task.
    expect(fetched).toHaveBeenCalledTimes(11)
    await rain.answer(ref, { colour: 'red' })
    await pass(5_000)
    expect(await end).toMatchObject({ status: 'complete', value: 'red' })
  })

  it('ends when the server has been away for a minute', async () => {
    const { rain, client, fetched } = offline()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)({})
    fetched.mockRejectedValue(new TypeError('fetch failed'))
    const startedAt = Date.now()
    const end = client.wait(ref).catch((error) => ({ error, after: Date.now() - startedAt }))
    await pass(70_000)
    expect(await end).toEqual({ error: new TypeError('fetch failed'), after: 61_000 })
  })
})
