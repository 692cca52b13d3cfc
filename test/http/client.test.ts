import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient, HttpProblem } from '../../src/http/client.js'
import { createHttpApp } from '../../src/http/index.js'
import { heldFunction, rainWith } from '../support/rain.js'
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
    const { ref, status } = await rain.call('slow', { n: 1 }, { asyncTimeout: 0 })
    expect(status).toBe('processing')
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
