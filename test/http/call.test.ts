import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requestsTo } from '../support/http.js'
import { heldFunction, rainWith } from '../support/rain.js'

describe('a call over HTTP', () => {
  it('that runs past its timeout is a task that failed, with the code that says so (R5)', async () => {
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

  it('whose client has gone ends its waiting, not the work, and is no fault of the server (R14)', async () => {
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
