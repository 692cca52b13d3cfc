import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createRaincheck, type Ref } from '../../src/index.js'
import { requestsTo } from '../support/http.js'
import { heldFunction, rainWith } from '../support/rain.js'
import { slow, squares } from './served.js'

describe('POST /tasks', () => {
  it('answers a quick call with 200 and the value', async () => {
    const { post } = squares()
    const { status, body, headers } = await post('/tasks', { function: 'square', input: { n: 12 } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'complete', name: 'square', value: 144 })
    expect(headers.get('content-type')).toBe('application/json')
  })

  it('answers a slow call with 202, the ref, Location and Retry-After', async () => {
    const { post, get } = slow()
    const { status, body, headers } = await post('/tasks', { function: 'slow', asyncTimeout: '10ms' })
    expect(status).toBe(202)
    expect(body).toMatchObject({ status: 'processing', ref: expect.stringMatching(/^rc_\w{22}$/) })
    expect(headers.get('location')).toBe(`/tasks/${body.ref}`)
    expect(headers.get('retry-after')).toBe('1')
    expect((await get(headers.get('location') ?? '')).body.ref).toBe(body.ref)
  })

  it('gives a Location under the path where the app is mounted', async () => {
    const { app } = slow()
    const outer = new Hono().route('/jobs', app)
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"function":"slow","asyncTimeout":0}',
    }
    const response = await outer.request('/jobs/tasks', request)
    const location = response.headers.get('location') ?? ''
    expect(location).toMatch(/^\/jobs\/tasks\/rc_/)
    expect((await outer.request(location)).status).toBe(200)
  })

  it('gives it, and the links of the page, also where Express or `mount` of Hono remove that path', async () => {
    const { app, start, held, rain } = slow()
    const listener = getRequestListener(app.fetch)
    const mounted = getRequestListener(new Hono().mount('/hono', app.fetch).fetch)
    // As Express does for app.use('/api', …).
    const server = createServer((request, response) => {
      const url = request.url ?? ''
      if (!url.startsWith('/api')) return mounted(request, response)
      const rest = url.slice('/api'.length) || '/'
      return listener(Object.assign(request, { originalUrl: url, url: rest }), response)
    })
    const base = await listen(server)
    const send = (path: string, body: object) =>
      fetch(base + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    for (const path of ['/api', '/hono']) {
      const response = await send(`${path}/tasks?x=/tasks`, {
        function: 'slow',
        input: path,
        asyncTimeout: 0,
      })
      const { ref } = (await response.json()) as { ref: string }
      expect(response.headers.get('location')).toBe(`${path}/tasks/${ref}`)
      expect((await fetch(`${base}${path}/tasks/${ref}`)).status).toBe(200)
    }
    const ref = await start('cancelled')
    await rain.cancel(ref as Ref)
    const retried = await send(`/api/tasks/${ref}/retry`, {})
    expect(retried.headers.get('location')).toMatch(/^\/api\/tasks\/rc_\w+$/)
    for (const [path, link] of [
      ['/api', '"api/page/main.js"'],
      ['/api/', '"page/main.js"'],
      ['/hono', '"hono/page/main.js"'],
    ] as const)
      expect(await (await fetch(base + path)).text()).toContain(link)
    held.letGo('done')
  })

  it('answers an input that the schema refuses with 422, the field and the reason, and makes no task', async () => {
    const { post, get } = squares()
    const { status, body, headers } = await post('/tasks', { function: 'square', input: { n: 'x' } })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'INVALID_INPUT' })
    expect(body.detail).toContain('input.n: ')
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect((await get('/tasks')).body.tasks).toEqual([])
  })

  it('answers a call that `check` refuses with 422, not as a failed task', async () => {
    const rain = rainWith()
    const read = rain.cached({
      name: 'read',
      asyncTimeout: '5s',
      check: () => {
        throw new Error('there is no such file')
      },
    })(async () => 1)
    const { status, body } = await requestsTo(rain, { functions: [read] }).post('/tasks', {
      function: 'read',
    })
    expect({ status, detail: body.detail }).toEqual({ status: 422, detail: 'there is no such file' })
  })

  it('answers a task that fails in time with 500 and its error, without a stack', async () => {
    const rain = rainWith()
    const failing = rain.cached({ name: 'failing', asyncTimeout: '5s' })(async () => {
      throw Object.assign(new Error('out of paper'), { code: 'EPAPER' })
    })
    const { status, body } = await requestsTo(rain, { functions: [failing] }).post('/tasks', {
      function: 'failing',
    })
    expect({ status, body }).toEqual({
      status: 500,
      body: {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'the task failed: out of paper',
        code: 'TASK_FAILED',
        error: { name: 'Error', message: 'out of paper', code: 'EPAPER' },
      },
    })
  })

  it('says which functions there are when it is asked for another', async () => {
    const { status, body } = await squares().post('/tasks', { function: 'cube' })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'FUNCTION_NOT_REGISTERED' })
    expect(body.detail).toContain('known are square')
  })

  it('names each wrong field of the body', async () => {
    const { status, body } = await squares().post('/tasks', { function: 5, asyncTimeout: '3h', other: 1 })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_REQUEST' })
    expect(body.errors.map(({ at }: { at: string }) => at)).toEqual(['/function', '/asyncTimeout', ''])
    expect(body.detail).toContain('asyncTimeout: must be at most 50s')
  })

  it('takes JSON alone, by its media type', async () => {
    const { send } = squares()
    const form = { body: '{}', headers: { 'Content-Type': 'text/plain' } }
    expect(await send('POST', '/tasks', form)).toMatchObject({ status: 415 })
    expect(await send('POST', '/tasks', { body: '{"function":' })).toMatchObject({ status: 400 })
  })

  it('refuses a body that is larger than allowed', async () => {
    const rain = rainWith()
    const { send } = requestsTo(rain, { functions: [], maxBodyBytes: 100 })
    const { status, body } = await send('POST', '/tasks', { body: { function: 'x'.repeat(200) } })
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
  })

  it('tells as much as `format` says', async () => {
    const { post } = squares()
    const call = (format: string) => post('/tasks', { function: 'square', input: { n: 2 }, format })
    expect(Object.keys((await call('minimal')).body)).toEqual(['status', 'ref', 'value'])
    expect(Object.keys((await call('standard')).body)).toContain('settledAt')
  })

  it('writes what JSON has no form for in another', async () => {
    const rain = rainWith()
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const value = {
      at: new Date(0),
      big: 10n ** 20n,
      map: new Map([[1, new Set([2])]]),
      bytes: Buffer.from('hi'),
    }
    const odd = rain.cached({ name: 'odd', asyncTimeout: '5s' })(async () => ({ ...value, cycle }))
    const { body } = await requestsTo(rain, { functions: [odd] }).post('/tasks', { function: 'odd' })
    expect(body.value).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      big: '100000000000000000000',
      map: [[1, [2]]],
      bytes: 'aGk=',
      cycle: { self: '[circular]' },
    })
  })
})

describe('metadata over HTTP', () => {
  it('goes with the task into its answer, polls and lists', async () => {
    const { post, get } = squares()
    const metadata = { user: 'ada', tags: ['a', null] }
    const { body } = await post('/tasks', { function: 'square', input: { n: 2 }, metadata })
    expect(body).toMatchObject({ value: 4, metadata })
    expect((await get(`/tasks/${body.ref}`)).body.metadata).toEqual(metadata)
    expect((await get('/tasks')).body.tasks).toMatchObject([{ metadata }])
    const { body: other } = await post('/tasks', { function: 'square', input: { n: 3 } })
    expect(other).not.toHaveProperty('metadata')
  })

  it('that is too long is refused, and makes no task', async () => {
    const { post, get } = squares()
    const { status, body } = await post('/tasks', {
      ...{ function: 'square', input: { n: 2 } },
      metadata: 'x'.repeat(4_096),
    })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_OPTION' })
    expect(body.detail).toContain('metadata must be at most 4096 bytes as JSON, got 4098')
    expect((await get('/tasks')).body.tasks).toEqual([])
  })
})

describe('a call over HTTP', () => {
  it('that would wait beyond maxWaiting is answered with 503, BUSY and Retry-After, and makes no task', async () => {
    const rain = createRaincheck({ concurrency: 1, maxWaiting: 0 })
    const { work, letGo } = heldFunction<{ n: number }>()
    const held = rain.cached({ name: 'held', asyncTimeout: 0 })(work)
    const { post, get } = requestsTo(rain, { functions: [held] })
    expect((await post('/tasks', { function: 'held', input: { n: 1 } })).status).toBe(202)
    const { status, body, headers } = await post('/tasks', { function: 'held', input: { n: 2 } })
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'BUSY' })
    expect(headers.get('retry-after')).toBe('1')
    expect((await get('/tasks')).body.tasks).toHaveLength(1)
    letGo(1)
  })

  it('that runs past its timeout is a task that failed, with the code that says so', async () => {
    const rain = rainWith()
    const endless = rain.cached({ name: 'endless', asyncTimeout: '5s', timeout: 20 })(heldFunction().work)
    const { post } = requestsTo(rain, { functions: [endless] })
    const { status, body } = await post('/tasks', { function: 'endless' })
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'TASK_FAILED' })
    expect(body.error).toMatchObject({ name: 'RaincheckError', code: 'TIMEOUT' })
  })

  it('whose value is not of its `output` is a task that failed, with the place in the value', async () => {
    const rain = rainWith()
    const output = z.object({ pages: z.number() })
    const odd = rain.cached({ name: 'odd', asyncTimeout: '5s', output })(async () => ({
      pages: 'three' as never,
    }))
    const { post } = requestsTo(rain, { functions: [odd] })
    const { status, body } = await post('/tasks', { function: 'odd' })
    expect({ status, code: body.code }).toEqual({ status: 500, code: 'TASK_FAILED' })
    expect(body.error).toMatchObject({ code: 'INVALID_VALUE', message: expect.stringContaining('pages') })
  })

  it('is a task that failed, not a refusal, when `check` has nothing against its input', async () => {
    const rain = rainWith()
    const fail = async () => {
      throw new Error('out of paper')
    }
    const checked: unknown[] = []
    const options = { asyncTimeout: '5s', check: (input: unknown) => void checked.push(input) } as const
    const plain = rain.cached({ ...options, name: 'plain' })(fail)
    const input = z.object({ pages: z.string().transform(Number) })
    const parsing = rain.cached({ ...options, name: 'parsing', input })(fail)
    const { post } = requestsTo(rain, { functions: [plain, parsing] })
    for (const name of ['plain', 'parsing'])
      expect(await post('/tasks', { function: name, input: { pages: '3' } })).toMatchObject({
        status: 500,
        body: { code: 'TASK_FAILED', error: { message: 'out of paper' } },
      })
    // Each time it is given what the function gets.
    expect(new Set(checked.map((given) => JSON.stringify(given)))).toEqual(
      new Set(['{"pages":"3"}', '{"pages":3}']),
    )
  })

  it('whose client has gone ends its waiting, not the work, and is no fault of the server', async () => {
    const rain = rainWith()
    const { work, runs, letGo } = heldFunction()
    const slow = rain.cached({ name: 'slow', asyncTimeout: '20s' })(work)
    const faults: unknown[] = []
    const { app, get } = requestsTo(rain, {
      functions: [slow],
      onError: (error) => faults.push(error),
    })
    const leaving = new AbortController()
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"function":"slow"}',
      signal: leaving.signal,
    }
    const answered = app.request('/tasks', request)
    await expect.poll(() => runs.length).toBe(1)
    leaving.abort()
    expect((await answered).status).toBe(400)
    expect(faults).toEqual([])
    const [{ ref, status }] = (await get('/tasks')).body.tasks
    expect(status).toBe('processing')
    letGo('done')
    expect((await get(`/tasks/${ref}?wait=5s`)).body).toMatchObject({ status: 'complete', value: 'done' })
  })

  it('says that there are no functions where there are none', async () => {
    const { status, body } = await requestsTo(rainWith(), { functions: [] }).post('/tasks', {
      function: 'square',
    })
    expect({ status, detail: body.detail }).toMatchObject({
      status: 422,
      detail: expect.stringContaining('known are none'),
    })
  })

  it('without a body is told to send one as JSON', async () => {
    const { post } = requestsTo(rainWith(), { functions: [] })
    expect(await post('/tasks')).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
  })
})

/** @returns The address of a server, which the end of the test closes. */
async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
