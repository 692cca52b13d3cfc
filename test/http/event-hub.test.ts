import { describe, expect, it } from 'vitest'
import type { createHttpApp, HttpOptions } from '../../src/http/index.js'
import type { TaskHandle } from '../../src/index.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { openEvents } from '../support/event-stream.js'
import { bearer, requestsTo } from '../support/http.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../support/rain.js'

/** Longer than events are gathered, in milliseconds. */
const TOLD = 300

const tokens = { alice: 'alice-0123456789abcdef', bob: 'bob-0123456789abcdef' }

function served(options: Partial<HttpOptions> = {}, rain = rainWith()) {
  useFakeTime()
  const held = heldFunction()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
  return { rain, held, slow, ...requestsTo(rain, { functions: [slow], ...options }) }
}

/** A stream of which all that has been told so far is read at once. */
async function begun(app: ReturnType<typeof createHttpApp>, headers: Record<string, string> = {}) {
  const stream = await openEvents(app, headers)
  const first = stream.read()
  await pass(0)
  return { ...stream, first: (await first)?.[0] }
}

const ready = (resumed: boolean) => ({ event: 'ready', id: expect.any(String), data: { resumed } })

describe('what a function logs', () => {
  it('is told by its last hundred lines at a time, each cut at 2,000 characters', async () => {
    const { rain, app } = served()
    const chatty = rain.cached({ name: 'chatty', asyncTimeout: 0 })((_: unknown, task: TaskHandle) => {
      for (let line = 1; line <= 120; line++) task.log(`${line}: ${'x'.repeat(3_000)}`)
      return heldFunction().work(task)
    })
    const { read } = await begun(app)
    const { ref } = await chatty({})
    await pass(TOLD)
    const { data } = (await read())?.find(({ event }) => event === 'log') ?? {}
    expect(data).toMatchObject({ ref, dropped: 20 })
    expect(data.lines).toHaveLength(100)
    expect(data.lines[0]).toBe(`21: ${'x'.repeat(1_996)}…`)
  })
})

describe('a stream', () => {
  it('that reads too slowly is told that it has missed something, and goes on from there', async () => {
    const { slow, app } = served()
    const { read } = await begun(app)
    for (let n = 0; n < 1_001; n++) await slow({ n })
    await pass(TOLD)
    expect(await read()).toEqual([ready(false)])
    const { ref } = await slow({ n: 'one more' })
    await pass(TOLD)
    expect(await read()).toMatchObject([{ event: 'task', data: { ref } }])
  })

  it('is told of everything, however many there are and whether the others read or not', async () => {
    const { slow, app } = served({ tokens })
    const alices = await Promise.all(Array.from({ length: 12 }, () => begun(app, bearer(tokens.alice))))
    const bob = await begun(app, bearer(tokens.bob))
    const [late, ...prompt] = alices
    const reading = [...prompt, bob].map(({ read }) => read())
    const { ref: first } = await slow({ n: 1 }, { scope: 'alice' })
    const { ref: second } = await slow({ n: 2 }, { scope: 'bob' })
    await pass(TOLD)
    const told = await Promise.all(reading)
    for (const events of told.slice(0, -1)) expect(events).toMatchObject([{ data: { ref: first } }])
    expect(told.at(-1)).toMatchObject([{ data: { ref: second } }])
    expect(await late?.read()).toMatchObject([{ data: { ref: first } }])
  })

  it('goes on where it ended for a minute, and begins anew after that', async () => {
    const { slow, app } = served({ tokens })
    const alice = await begun(app, bearer(tokens.alice))
    const bob = await begun(app, bearer(tokens.bob))
    await alice.cancel()
    const again = () => begun(app, { ...bearer(tokens.alice), 'Last-Event-ID': String(alice.first?.id) })
    await pass(59_000)
    const resumed = await again()
    expect(resumed.first).toEqual(ready(true))
    await resumed.cancel()
    await pass(61_000)
    expect((await again()).first).toEqual(ready(false))
    const { ref } = await slow({}, { scope: 'bob' })
    await pass(TOLD)
    expect(await bob.read()).toMatchObject([{ event: 'task', data: { ref } }])
  })

  it('that is not read ends with the raincheck, too', async () => {
    const { rain, app } = served()
    const { read } = await begun(app)
    const closing = rain.close({ drain: 0 })
    await pass(2_000)
    await closing
    expect(await read()).toBeUndefined()
  })

  it('goes on when the store was away, of which the operator is told', async () => {
    const store = memoryTaskStore()
    let isAway = false
    const tasks = slowable(store)
    const list: typeof store.list = async (filter) => {
      if (isAway) throw new Error('the disk is gone')
      return store.list(filter)
    }
    const faults: unknown[] = []
    const onError = (error: unknown) => faults.push(error)
    const { app } = served({ onError }, rainWith({ tasks: { ...tasks, list } }))
    const { read } = await begun(app)
    isAway = true
    await pass(1_000)
    isAway = false
    expect(faults).toMatchObject([
      { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('the disk is gone') },
    ])
    const elsewhere = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)
    const { ref } = await elsewhere({})
    await pass(1_000)
    expect(await read()).toMatchObject([{ event: 'task', data: { ref } }])
    expect(faults).toHaveLength(1)
  })
})
