import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestsTo } from '../support/http.js'
import { heldFunction, rainWith } from '../support/rain.js'

const UNKNOWN = 'rc_0000000000000000000000'

function squares() {
  const rain = rainWith()
  const square = rain.cached({ name: 'square', asyncTimeout: '5s', input: z.object({ n: z.number() }) })(
    async ({ n }) => n * n,
  )
  return { rain, ...requestsTo(rain, { functions: [square] }) }
}

/** A function that each test ends itself, called with a handoff at once. */
function slow() {
  const rain = rainWith()
  const held = heldFunction()
  const work = rain.cached({ name: 'slow', asyncTimeout: '5s' })(held.work)
  const http = requestsTo(rain, { functions: [work] })
  const start = async (input: unknown = {}): Promise<string> =>
    (await http.post('/tasks', { function: 'slow', input, asyncTimeout: 0 })).body.ref
  return { rain, held, start, ...http }
}

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

describe('GET /tasks/{ref}', () => {
  it('waits until the task settles, or as long as it is asked to (R8)', async () => {
    const { held, start, get } = slow()
    const ref = await start()
    expect((await get(`/tasks/${ref}?wait=20ms`)).body.status).toBe('processing')
    const waiting = get(`/tasks/${ref}?wait=25s`)
    held.letGo('done')
    expect((await waiting).body).toMatchObject({ status: 'complete', value: 'done' })
  })

  it('tells of a failure and of a cancel with 200: the poll succeeded', async () => {
    const { held, start, get, post } = slow()
    const [failed, cancelled] = [await start(1), await start(2)]
    held.fail(new Error('no'))
    await get(`/tasks/${failed}?wait=5s`)
    await post(`/tasks/${cancelled}/cancel`)
    expect(await get(`/tasks/${failed}`)).toMatchObject({ status: 200, body: { status: 'failed' } })
    expect(await get(`/tasks/${cancelled}`)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  })

  it('refuses a longer wait than it keeps', async () => {
    const { start, get } = slow()
    expect(await get(`/tasks/${await start()}?wait=10m`)).toMatchObject({ status: 400 })
  })

  it('gives one answer for each ref that is unknown or mistyped (R9)', async () => {
    const { get, post, send } = slow()
    const bodies = await Promise.all([
      ...[UNKNOWN, 'rc_1', '%00', 'x'.repeat(5_000)].map((ref) => get(`/tasks/${ref}`)),
      get(`/tasks/${UNKNOWN}/result`),
      get(`/tasks/${UNKNOWN}/log`),
      post(`/tasks/${UNKNOWN}/cancel`),
      post(`/tasks/${UNKNOWN}/retry`),
      send('DELETE', `/tasks/${UNKNOWN}`),
    ])
    for (const { status, body } of bodies) {
      expect(status).toBe(404)
      expect(body).toEqual(bodies[0]?.body)
    }
  })
})

describe('GET /tasks/{ref}/result', () => {
  it('gives the bare value', async () => {
    const { held, start, get } = slow()
    const ref = await start()
    held.letGo({ pages: 3 })
    await get(`/tasks/${ref}?wait=5s`)
    expect(await get(`/tasks/${ref}/result`)).toMatchObject({ status: 200, body: { pages: 3 } })
  })

  it('answers 425 with Retry-After while the task runs', async () => {
    const { start, get } = slow()
    const { status, body, headers } = await get(`/tasks/${await start()}/result`)
    expect({ status, code: body.code }).toEqual({ status: 425, code: 'NOT_DONE' })
    expect(headers.get('retry-after')).toBe('1')
  })

  it('answers 409 for a task that was cancelled, and 500 with the error of one that failed', async () => {
    const { held, start, get, post } = slow()
    const [failed, cancelled] = [await start(1), await start(2)]
    held.fail(new RangeError('too wide'))
    await get(`/tasks/${failed}?wait=5s`)
    await post(`/tasks/${cancelled}/cancel`)
    expect(await get(`/tasks/${cancelled}/result`)).toMatchObject({
      status: 409,
      body: { code: 'CANCELLED' },
    })
    const { status, body } = await get(`/tasks/${failed}/result`)
    expect({ status, error: body.error }).toEqual({
      status: 500,
      error: { name: 'RangeError', message: 'too wide' },
    })
  })
})

describe('GET /tasks', () => {
  it('lists tasks without their values, newest first, page by page', async () => {
    const { post, get } = squares()
    for (const n of [1, 2, 3]) await post('/tasks', { function: 'square', input: { n } })
    const first = await get('/tasks?limit=2')
    expect(first.body.tasks).toHaveLength(2)
    expect(first.body.tasks[0]).not.toHaveProperty('value')
    const second = await get(`/tasks?limit=2&cursor=${first.body.cursor}`)
    expect(second.body.tasks).toHaveLength(1)
    expect(second.body).not.toHaveProperty('cursor')
  })

  it('picks by status and by name', async () => {
    const { held, start, get } = slow()
    const refs = [await start(1), await start(2)]
    held.letGo(1)
    await get(`/tasks/${refs[0]}?wait=5s`)
    const { body } = await get('/tasks?status=complete&name=slow')
    expect(body.tasks.map(({ ref }: { ref: string }) => ref)).toEqual([refs[0]])
  })

  it('refuses a cursor that no list gave, and what it does not know', async () => {
    const { get } = squares()
    expect(await get('/tasks?cursor=x')).toMatchObject({ status: 400, body: { code: 'INVALID_OPTION' } })
    expect(await get('/tasks?page=2')).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
  })
})

describe('what changes a task', () => {
  it('cancels it, once (R14)', async () => {
    const { start, post } = slow()
    const ref = await start()
    expect((await post(`/tasks/${ref}/cancel`)).body).toEqual({ ref, result: 'requested' })
    expect((await post(`/tasks/${ref}/cancel`)).body).toEqual({ ref, result: 'already-settled' })
  })

  it('retries it as a new task with a ref of its own (R15)', async () => {
    const { held, start, post, get } = slow()
    const ref = await start()
    await post(`/tasks/${ref}/cancel`)
    const { status, body, headers } = await post(`/tasks/${ref}/retry`)
    expect({ status, isNew: body.ref !== ref }).toEqual({ status: 202, isNew: true })
    expect(headers.get('location')).toBe(`/tasks/${body.ref}`)
    held.letGo('of the first')
    held.letGo('of the second')
    expect((await get(`/tasks/${body.ref}?wait=5s`)).body.value).toBe('of the second')
  })

  it('answers a retry with the value when it is asked to wait', async () => {
    const { held, start, post } = slow()
    const ref = await start()
    await post(`/tasks/${ref}/cancel`)
    held.letGo('of the first')
    const retried = post(`/tasks/${ref}/retry`, { asyncTimeout: '5s' })
    while (held.runs.length < 2) await new Promise(setImmediate)
    held.letGo('of the second')
    expect(await retried).toMatchObject({ status: 200, body: { value: 'of the second' } })
  })

  it('forgets it', async () => {
    const { start, send, get } = slow()
    const ref = await start()
    expect((await send('DELETE', `/tasks/${ref}`)).status).toBe(204)
    expect((await get(`/tasks/${ref}`)).status).toBe(404)
  })
})

describe('what is not a task', () => {
  it('says what a path takes, and that there is nothing at another', async () => {
    const { send, get } = squares()
    const { status, headers } = await send('PUT', '/tasks')
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST, GET, HEAD' })
    expect(await get('/nothing')).toMatchObject({ status: 404, body: { code: 'NO_ROUTE' } })
  })

  it('is healthy while its store answers, and unavailable once the raincheck is closed', async () => {
    const { rain, get } = squares()
    expect(await get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
    await rain.close()
    expect(await get('/healthz')).toMatchObject({ status: 503, body: { code: 'CLOSED' } })
  })
})
