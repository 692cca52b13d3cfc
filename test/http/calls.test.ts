import { describe, expect, it } from 'vitest'
import { requestsTo } from '../support/http.js'
import { rainWith } from '../support/rain.js'
import { slow, squares } from './served.js'

describe('POST /tasks', () => {
  it('answers a quick call with 200 and the value (R1)', async () => {
    const { post } = squares()
    const { status, body, headers } = await post('/tasks', { function: 'square', input: { n: 12 } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'complete', name: 'square', value: 144 })
    expect(headers.get('content-type')).toBe('application/json')
  })

  it('answers a slow call with 202, the ref, Location and Retry-After (R1, R7)', async () => {
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
    const { Hono } = await import('hono')
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

  it('answers an input that the schema refuses with 422, the field and the reason, and makes no task (R6)', async () => {
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

  it('answers a task that fails in time with 500 and its error, without a stack (R4)', async () => {
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
