import { z } from 'zod'
import { requestsTo } from '../support/http.js'
import { heldFunction, rainWith } from '../support/rain.js'

export function squares() {
  const rain = rainWith()
  const square = rain.cached({ name: 'square', asyncTimeout: '5s', input: z.object({ n: z.number() }) })(
    async ({ n }) => n * n,
  )
  return { rain, ...requestsTo(rain, { functions: [square] }) }
}

/** A function that each test ends itself, called with a handoff at once. */
export function slow() {
  const rain = rainWith()
  const held = heldFunction()
  const work = rain.cached({ name: 'slow', asyncTimeout: '5s' })(held.work)
  const http = requestsTo(rain, { functions: [work] })
  const start = async (input: unknown = {}): Promise<string> =>
    (await http.post('/tasks', { function: 'slow', input, asyncTimeout: 0 })).body.ref
  return { rain, held, start, ...http }
}
