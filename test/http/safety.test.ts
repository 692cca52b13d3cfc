import { describe, expect, it } from 'vitest'
import { createHttpApp, type HttpOptions } from '../../src/http/index.js'
import { bearer, requestsTo } from '../support/http.js'
import { heldFunction, rainWith } from '../support/rain.js'

const tokens = { alice: 'alice-0123456789abcdef', bob: 'bob-0123456789abcdef' }
const adminToken = 'admin-0123456789abcdef'

function slow(options: Partial<HttpOptions> = {}) {
  const rain = rainWith()
  const { work } = heldFunction()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 0 })(work)
  return requestsTo(rain, { functions: [slow], ...options })
}

describe('tokens', () => {
  it('are asked for where there are any, but not to see whether the server is well', async () => {
    const { send, get } = slow({ tokens })
    const { status, headers, body } = await get('/tasks')
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'UNAUTHORIZED' })
    expect(headers.get('www-authenticate')).toContain('Bearer')
    for (const token of ['wrong', tokens.alice.slice(1), `${tokens.alice}x`, adminToken])
      expect(await send('GET', '/tasks', { headers: bearer(token) })).toMatchObject({ status: 401 })
    expect(await get('/healthz')).toMatchObject({ status: 200 })
  })

  it('are each a scope: tasks of another are unknown, in the same words as any', async () => {
    const { send } = slow({ tokens })
    const as = (token: string, method: string, path: string, body?: unknown) =>
      send(method, path, { headers: bearer(token), ...(body === undefined ? {} : { body }) })
    const { body } = await as(tokens.alice, 'POST', '/tasks', { function: 'slow' })
    const unknown = await as(tokens.bob, 'GET', '/tasks/rc_0000000000000000000000')
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/result'],
      ['GET', '/log'],
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['DELETE', ''],
    ] as const) {
      const foreign = await as(tokens.bob, method, `/tasks/${body.ref}${path}`)
      expect({ status: foreign.status, body: foreign.body }).toEqual({ status: 404, body: unknown.body })
    }
    expect((await as(tokens.bob, 'GET', '/tasks')).body.tasks).toEqual([])
    expect((await as(tokens.alice, 'GET', `/tasks/${body.ref}`)).body.status).toBe('processing')
  })

  it('are refused when they can be guessed, or open two scopes', () => {
    expect(() => slow({ tokens: { alice: 'short' } })).toThrow(/tokens\.alice must be 16 or more/)
    expect(() => slow({ tokens: { a: tokens.bob, b: tokens.bob } })).toThrow(/must be different/)
    for (const none of [{}, null as never]) expect(() => slow({ tokens: none })).toThrow(/at least one scope/)
  })
})

describe('the queue', () => {
  it('is for the admin token alone', async () => {
    const { send } = slow({ tokens, adminToken })
    const queue = (token: string, path = '', method = 'GET') =>
      send(method, `/queue${path}`, { headers: bearer(token) })
    expect(await queue(tokens.alice)).toMatchObject({ status: 401 })
    expect(await send('GET', '/queue')).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } })
    expect((await queue(adminToken)).body).toEqual({ waiting: 0, running: 0, abandoned: 0, paused: false })
    expect((await queue(adminToken, '/pause', 'POST')).body).toMatchObject({ paused: true })
    expect((await queue(adminToken, '/resume', 'POST')).body).toMatchObject({ paused: false })
  })

  it('is nobody’s where there is no admin token', async () => {
    expect(await slow().get('/queue')).toMatchObject({ status: 403, body: { code: 'ADMIN_ONLY' } })
  })
})

describe('where requests come from', () => {
  const from = (options: Partial<HttpOptions>, headers: Record<string, string>) =>
    slow(options).send('GET', '/tasks', { headers })

  it('is this machine by name, unless more names are allowed', async () => {
    for (const host of ['localhost:8377', '127.0.0.1:8377', '[::1]:8377', 'LOCALHOST'])
      expect(await from({}, { Host: host })).toMatchObject({ status: 200 })
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.nip.io:8377',
      '',
      'localhost@evil',
    ])
      expect(await from({}, { Host: host })).toMatchObject({ status: 421 })
    expect(await from({ hosts: ['Api.example'] }, { Host: 'api.example:80' })).toMatchObject({ status: 200 })
  })

  it('is a page of this server, unless other origins are allowed', async () => {
    const Host = 'localhost:8377'
    expect(await from({}, { Host, Origin: 'http://localhost:8377' })).toMatchObject({ status: 200 })
    for (const Origin of ['https://evil.example', 'http://localhost:3000', 'null', 'x'])
      expect(await from({}, { Host, Origin })).toMatchObject({ status: 403 })
  })

  it('gives other pages leave to read where their origin is allowed, and none otherwise', async () => {
    const origins = ['https://app.example']
    const allowed = await from({ origins }, { Origin: 'https://app.example' })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example')
    const preflight = await slow({ origins, tokens }).send('OPTIONS', '/tasks', {
      headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
    expect((await from({}, {})).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('errors', () => {
  it('tell nothing of a fault in the server, but to its operator', async () => {
    const rain = rainWith()
    const faults: unknown[] = []
    const app = createHttpApp(rain, { functions: [], onError: (error) => faults.push(error) })
    app.get('/broken', () => {
      throw new Error('the secret is 42')
    })
    const response = await app.request('/broken')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('42')
    expect(faults).toEqual([new Error('the secret is 42')])
  })

  it('name the option that is wrong', () => {
    const rain = rainWith()
    const make = (options: object) => () => createHttpApp(rain, options as HttpOptions)
    expect(make({})).toThrow(/functions must be a list/)
    expect(make({ functions: [() => 1] })).toThrow(/what cached\(…\)\(fn\) returned/)
    expect(make({ functions: [], port: 1 })).toThrow(/no option 'port'/)
    expect(make({ functions: [], origins: ['app.example/x'] })).toThrow(/origins must be such as/)
    expect(make({ functions: [], maxBodyBytes: 0 })).toThrow(/maxBodyBytes must be/)
    expect(make({ functions: [], hosts: 'api.example' })).toThrow(/hosts must be a list of texts/)
    expect(make({ functions: [], origins: [8377] })).toThrow(/origins must be a list of texts/)
    const [one, other] = ['1', '2'].map((version) =>
      rain.cached({ name: 'f', version, asyncTimeout: 0 })(async () => 1),
    )
    expect(make({ functions: [one, other] })).toThrow(/different names, two are 'f'/)
    expect(() => createHttpApp([], { functions: [] })).toThrow(/needs a raincheck, got an empty list/)
  })
})

describe('openapi.json', () => {
  it('describes each route and the functions there are', async () => {
    const { app, get } = slow()
    const { body } = await get('/openapi.json')
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('{ref}', ':ref')}`),
    )
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
    const own = ['GET /openapi.json', 'GET /', 'GET /page/:file']
    expect(new Set(described)).toEqual(new Set(routes.filter((route) => !own.includes(route))))
    const call = body.paths['/tasks'].post.requestBody.content['application/json'].schema
    expect(call.properties.function.enum).toEqual(['slow'])
  })

  it('describes answers as they are', async () => {
    const { taskSchema, problemSchema, taskListSchema } = await import('../../src/http/schemas.js')
    const { post, get } = slow()
    const { body } = await post('/tasks', { function: 'slow', format: 'full' })
    expect(taskSchema.strict().parse(body)).toEqual(body)
    expect(problemSchema.strict().parse((await get('/tasks/x')).body)).toBeDefined()
    expect(taskListSchema.strict().parse((await get('/tasks')).body).tasks).toHaveLength(1)
  })
})
