import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { createHttpApp } from '../../src/http/index.js'
import { rainWith } from '../support/rain.js'
import { serveApp } from '../support/serve.js'
import { type HostileRequest, hostileRequests } from './hostile/requests.js'
import { type RawAnswer, sendRaw } from './hostile/send.js'

const SECRET = 'the-secret-of-bob'
const REQUESTS = 1_000
const AT_ONCE = 10

async function served() {
  const rain = rainWith()
  onTestFinished(() => rain.close({ drain: 0 }))
  const options = { asyncTimeout: '20ms' } as const
  const echo = rain.cached({
    ...options,
    name: 'echo',
    title: (input: unknown) => JSON.stringify(input).slice(0, 99),
  })(async (input: unknown) => input)
  const slow = rain.cached({ ...options, name: 'slow' })((_: unknown, { signal }) => {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const functions = [
    ...[echo, slow],
    rain.cached({ ...options, name: 'failing' })(async (input: unknown) => {
      throw new Error(`failed with ${JSON.stringify(input)}`)
    }),
    rain.cached({ ...options, name: 'strict', input: z.object({ n: z.number() }) })(async ({ n }) => n),
    rain.cached({ ...options, name: 'refusing', check: () => Promise.reject(new Error('not you')) })(
      async () => 1,
    ),
  ]
  const faults: unknown[] = []
  const tokens = { alice: 'alice-0123456789abcdef', bob: 'bob-0123456789abcdef' }
  const app = createHttpApp(rain, { functions, tokens, onError: (error) => faults.push(error) })
  const tasksOf = async (scope: string, input: string) => [
    (await echo(input, { scope })).ref,
    (await slow(input, { scope })).ref,
  ]
  const own = await tasksOf('alice', 'of alice')
  const foreign = await tasksOf('bob', SECRET)
  return { rain, faults, own, foreign, token: tokens.alice, ...(await serveApp(app)) }
}

/** What is wrong with an answer; undefined when nothing is. */
function fault({ status, text }: RawAnswer, foreign: readonly string[]): string | undefined {
  if (text.includes(SECRET) || foreign.some((ref) => text.includes(ref))) return 'it tells of another scope'
  if (/\bat .+\.[jt]s:\d+/.test(text)) return 'it has a stack'
  if (status >= 500 && !text.includes('"code":"TASK_FAILED"')) return `its status is ${status}`
  return undefined
}

describe('a thousand hostile requests', () => {
  it('bring no answer of 500 but for tasks that failed, no crash, and nothing of another scope', async () => {
    const { rain, faults, own, foreign, token, port, url } = await served()
    const requests = hostileRequests({ own, foreign, token }, REQUESTS)
    const statuses = new Map<number, number>()
    const wrong: { request: HostileRequest; fault: string }[] = []
    const lane = async () => {
      for (let request = requests.pop(); request; request = requests.pop()) {
        const answer = await sendRaw(port, request)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        const found = fault(answer, foreign)
        if (found) wrong.push({ request, fault: found })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    const counts = [...statuses].sort().map(([status, count]) => `${status}: ${count}`)
    console.log(`answers by status: ${counts.join(', ')}`)
    expect({ wrong, faults }).toEqual({ wrong: [], faults: [] })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const { tasks } = await rain.scope('bob').list()
    expect(tasks.map(({ status }) => status).sort()).toEqual(['complete', 'processing'])
    // The requests are of all kinds: many reach the tasks, and are not turned away at the door.
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining([200, 202, 400, 401, 403, 404, 405, 421, 422, 500]),
    )
  })
})
