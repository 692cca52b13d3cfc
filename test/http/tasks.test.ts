import { describe, expect, it } from 'vitest'
import { requestsTo } from '../support/http.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../support/rain.js'
import { slow, squares } from './served.js'

const UNKNOWN = 'rc_0000000000000000000000'

/** A function that each test ends itself, called with a handoff at once. */
async function started() {
  useFakeTime()
  const rain = rainWith()
  const held = heldFunction()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
  const http = requestsTo(rain, { functions: [slow] })
  return { rain, slow, ref: (await slow({})).ref, ...held, ...http }
}

describe('GET /tasks/{ref}', () => {
  it('waits until the task settles, or as long as it is asked to', async () => {
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

  it('gives one answer for each ref that is unknown or mistyped', async () => {
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
  it('cancels it, once', async () => {
    const { start, post } = slow()
    const ref = await start()
    expect((await post(`/tasks/${ref}/cancel`)).body).toEqual({ ref, result: 'requested' })
    expect((await post(`/tasks/${ref}/cancel`)).body).toEqual({ ref, result: 'already-settled' })
  })

  it('retries it as a new task with a ref of its own', async () => {
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

describe('a retry over HTTP', () => {
  it('of a task that is complete is answered with its value, and starts nothing', async () => {
    const { ref, runs, post, letGo } = await started()
    letGo('done')
    await pass(0)
    const { status, body } = await post(`/tasks/${ref}/retry`)
    expect({ status, body }).toMatchObject({ status: 200, body: { ref, value: 'done' } })
    expect(runs).toHaveLength(1)
  })
})

describe('GET /tasks/{ref}/log', () => {
  it('says that no logs are kept, and where they are told instead', async () => {
    const { ref, get } = await started()
    expect(await get(`/tasks/${ref}/log`)).toMatchObject({
      status: 404,
      body: { code: 'LOG_NOT_KEPT', detail: expect.stringContaining('/events') },
    })
  })

  it('is empty for a task that has logged nothing', async () => {
    const { rain, slow, ref } = await started()
    const { get } = requestsTo(rain, { functions: [slow], readLog: async () => undefined })
    expect(await get(`/tasks/${ref}/log`)).toMatchObject({ status: 200, body: '' })
  })
})
