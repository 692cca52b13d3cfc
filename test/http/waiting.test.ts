import { describe, expect, it } from 'vitest'
import { requestsTo } from '../support/http.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../support/rain.js'

/** A function that each test ends itself, called with a handoff at once. */
async function started() {
  useFakeTime()
  const rain = rainWith()
  const held = heldFunction()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
  const http = requestsTo(rain, { functions: [slow] })
  return { rain, slow, ref: (await slow({})).ref, ...held, ...http }
}

/** Whether a promise has settled. */
function watch(promise: Promise<unknown>): () => boolean {
  let settled = false
  void promise.finally(() => {
    settled = true
  })
  return () => settled
}

describe('a request that waits', () => {
  it('waits as long as it is asked to, and is answered as soon as the task settles', async () => {
    const { ref, get, letGo } = await started()
    const first = get(`/tasks/${ref}?wait=12s`)
    const isAnswered = watch(first)
    await pass(11_999)
    expect(isAnswered()).toBe(false)
    await pass(1)
    expect((await first).body.status).toBe('processing')
    const second = get(`/tasks/${ref}?wait=50s`)
    await pass(30_000)
    letGo('done')
    await pass(0)
    expect((await second).body).toMatchObject({ status: 'complete', value: 'done' })
  })

  it('is given up within 5 s when its client has gone', async () => {
    const { ref, app } = await started()
    const leaving = new AbortController()
    const answered = Promise.resolve(app.request(`/tasks/${ref}?wait=50s`, { signal: leaving.signal }))
    const isAnswered = watch(answered)
    await pass(1_000)
    leaving.abort()
    await pass(4_000)
    expect(isAnswered()).toBe(true)
  })

  it('is answered at once when the task waits to be answered itself', async () => {
    const { rain, app } = await started()
    const order = rain.cached({ name: 'order', asyncTimeout: 0 })((_: unknown, task) =>
      task.ask('colour', 'Which colour?'),
    )
    const { ref } = await order({})
    await pass(0)
    const answered = app.request(`/tasks/${ref}?wait=25s`)
    await pass(0)
    const body = await (await answered).json()
    expect(body).toMatchObject({ status: 'pending', requests: { colour: 'Which colour?' } })
    await rain.answer(ref, { colour: 'red' })
    const { value } = (await (await app.request(`/tasks/${ref}?wait=25s`)).json()) as { value: unknown }
    expect(value).toBe('red')
  })

  it('is refused with 400 and the name of the parameter when `wait` is malformed or out of range', async () => {
    const { ref, get } = await started()
    for (const wait of ['abc', '', '-1', '5x', '1e3', 'Infinity', '51s', '1h', '1&wait=2']) {
      const { status, body } = await get(`/tasks/${ref}?wait=${wait}`)
      expect({ wait, status, code: body.code }).toEqual({ wait, status: 400, code: 'INVALID_REQUEST' })
      expect(body.errors).toEqual([{ at: 'wait', detail: expect.stringMatching(/25s|at most 50s/) }])
    }
    expect((await get('/tasks/rc_unknown?wait=abc')).status).toBe(400)
  })
})
