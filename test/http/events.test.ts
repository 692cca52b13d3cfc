import { describe, expect, it, onTestFinished } from 'vitest'
import { EventLog } from '../../src/http/event-log.js'
import { createHttpApp, type HttpOptions } from '../../src/http/index.js'
import { createRaincheck, type TaskHandle } from '../../src/index.js'
import { bearer } from '../support/http.js'
import { heldFunction, rainWith } from '../support/rain.js'
import { follow, isReady, isTask, serveApp } from '../support/serve.js'
import { temporaryFolder } from '../support/temporary-folder.js'

async function served(options: Partial<HttpOptions> = {}) {
  const rain = rainWith()
  onTestFinished(() => rain.close({ drain: 0 }))
  const held = heldFunction()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
  const app = createHttpApp(rain, { functions: [slow], ...options })
  return { rain, held, slow, app, ...(await serveApp(app)) }
}

/** Statuses that were told of a task, in order. */
const told = (heard: ReturnType<typeof follow>['heard'], ref: string) =>
  heard.flatMap((event) => (event.type === 'task' && event.task.ref === ref ? [event.task.status] : []))

describe('the event stream', () => {
  it('tells the state of each task that changes, without its value', async () => {
    const { slow, held, url } = await served()
    const { heard, hear } = follow(url)
    await hear(isReady(false))
    const { ref } = await slow({})
    await hear(isTask(ref, 'processing'))
    held.letGo('a value')
    await hear(isTask(ref, 'complete'))
    expect(told(heard, ref)).toEqual(['processing', 'complete'])
    expect(JSON.stringify(heard)).not.toContain('a value')
  })

  it('tells progress, failed attempts and what a function logs', async () => {
    const { rain, url } = await served()
    const steps = heldFunction<unknown>()
    const flaky = rain.cached({ name: 'flaky', asyncTimeout: 0, retries: 1, retryDelay: 1 })(
      async (_: unknown, task: TaskHandle) => {
        task.progress({ current: task.attempt, total: 4, message: `try ${task.attempt}`, details: 'many' })
        task.log(`this is attempt ${task.attempt}`)
        if (task.attempt === 1) throw new Error('out of luck')
        return steps.work(undefined)
      },
    )
    const { hear } = follow(url)
    await hear(isReady())
    const { ref } = await flaky({})
    expect(await hear((event) => event.type === 'retry')).toEqual({
      type: 'retry',
      ref,
      attempt: 1,
      error: { name: 'Error', message: 'out of luck' },
    })
    const event = await hear(
      (event) => event.type === 'task' && 'progress' in event.task && event.task.progress?.percentage === 50,
    )
    expect(event).toMatchObject({ task: { progress: { message: 'try 2', etaMs: expect.any(Number) } } })
    expect(JSON.stringify(event)).not.toContain('many')
    await hear((event) => event.type === 'log' && event.lines.includes('this is attempt 2'))
  })

  it('tells of a task that was forgotten', async () => {
    const { slow, url } = await served()
    const { hear } = follow(url)
    await hear(isReady())
    const { ref } = await slow({})
    await fetch(`${url}/tasks/${ref}`, { method: 'DELETE' })
    expect(await hear((event) => event.type === 'removed')).toEqual({ type: 'removed', ref })
  })

  it('shows the tasks of its own scope alone', async () => {
    const tokens = { alice: 'alice-0123456789abcdef', bob: 'bob-0123456789abcdef' }
    const { slow, url } = await served({ tokens })
    const alice = follow(url, tokens.alice)
    const bob = follow(url, tokens.bob)
    await Promise.all([alice.hear(isReady()), bob.hear(isReady())])
    const { ref } = await slow({}, { scope: 'alice' })
    const { ref: other } = await slow({}, { scope: 'bob' })
    await Promise.all([alice.hear(isTask(ref)), bob.hear(isTask(other))])
    expect(JSON.stringify(alice.heard)).not.toContain(other)
    expect(JSON.stringify(bob.heard)).not.toContain(ref)
  })

  it('goes on where it was cut, and tells what was missed, each thing once', async () => {
    const { slow, held, url, cut } = await served()
    const { heard, hear } = follow(url)
    await hear(isReady())
    const { ref } = await slow({})
    await hear(isTask(ref, 'processing'))
    cut()
    await hear((event) => event.type === 'lost')
    held.letGo(1)
    await hear(isReady(true), 2)
    await hear(isTask(ref, 'complete'))
    const { ref: later } = await slow({ n: 2 })
    await hear(isTask(later, 'processing'))
    expect(told(heard, ref)).toEqual(['processing', 'complete'])
  })

  it('says that something may have been missed after a restart of the server', async () => {
    const { rain, slow, url, port, stop } = await served()
    const { heard, hear } = follow(url)
    await hear(isReady())
    await stop()
    await hear((event) => event.type === 'lost')
    await serveApp(createHttpApp(rain, { functions: [slow] }), port)
    const from = heard.length
    await hear(isReady(false), from)
  })

  it('tells of tasks that another process runs on the same store', async () => {
    const store = `sqlite:${await temporaryFolder()}/rain.db` as const
    const [here, there] = [createRaincheck({ store, app: 'test' }), createRaincheck({ store, app: 'test' })]
    onTestFinished(async () => {
      await Promise.all([here.close({ drain: 0 }), there.close({ drain: 0 })])
    })
    const held = heldFunction()
    const slow = there.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
    const { ref: before } = await slow({ n: 0 })
    const { url } = await serveApp(createHttpApp(here, { functions: [] }))
    const { heard, hear } = follow(url)
    await hear(isReady())
    const { ref } = await slow({ n: 1 })
    await hear(isTask(ref))
    held.letGo(0)
    held.letGo(1)
    await Promise.all([hear(isTask(before, 'complete')), hear(isTask(ref, 'complete'))])
    expect(new Set(told(heard, ref)).size).toBe(told(heard, ref).length)
  })

  it('ends when the raincheck is closed', async () => {
    const { rain, url } = await served()
    const { heard, hear } = follow(url)
    await hear(isReady())
    await rain.close({ drain: 0 })
    await hear((event) => event.type === 'lost')
    expect(heard.map(({ type }) => type)).toEqual(['ready', 'lost'])
  })

  it('is refused without a token, and the client does not try again', async () => {
    const { url } = await served({ tokens: { alice: 'alice-0123456789abcdef' } })
    await expect(follow(url, 'wrong').ended).rejects.toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
  })
})

describe('many streams', () => {
  it('are refused beyond a thousand, and let in again when others have gone', async () => {
    const { app } = await served()
    const open = async () => (await app.request('/events')).body?.getReader()
    // What is ended before it is read has taken no place, and gives none back.
    await (await open())?.cancel()
    const readers = await Promise.all(Array.from({ length: 1_000 }, open))
    await Promise.all(readers.map((reader) => reader?.read()))
    const refused = await app.request('/events')
    expect({ status: refused.status, after: refused.headers.get('retry-after') }).toEqual({
      status: 429,
      after: '10',
    })
    await Promise.all(readers.map((reader) => reader?.cancel()))
    expect((await app.request('/events')).status).toBe(200)
  })

  it('are not held by HEAD requests', async () => {
    const tokens = { alice: 'alice-0123456789abcdef' }
    const { url } = await served({ tokens })
    const heads = Array.from({ length: 20 }, () =>
      fetch(`${url}/events`, { method: 'HEAD', headers: bearer(tokens.alice) }),
    )
    for (const { status, body } of await Promise.all(heads))
      expect({ status, body }).toEqual({ status: 200, body: null })
  })
})

describe('the events that are kept', () => {
  it('are a thousand, after which a stream has missed some', () => {
    const log = new EventLog()
    const { last: start } = log
    log.add('task', '{}')
    expect(log.after(start)?.toString()).toMatch(/^event: task\nid: \w+\.1\ndata: {}\n\n$/)
    for (let more = 0; more < 1_000; more++) log.add('task', '{}')
    expect(log.after(start)).toBeUndefined()
    expect(log.after(log.last)?.length).toBe(0)
  })

  it('are a megabyte', () => {
    const log = new EventLog()
    for (let more = 0; more < 20; more++) log.add('task', JSON.stringify('x'.repeat(100_000)))
    expect(log.after(9)).toBeUndefined()
    expect(log.after(11)?.length).toBeLessThan(2 ** 20)
  })

  it('are those of one server: the id of another, or of none, resumes nothing', () => {
    const [log, other] = [new EventLog(), new EventLog()]
    log.add('task', '{}')
    other.add('task', '{}')
    const idOf = (of: EventLog) => /id: (.*)/.exec(of.ready(1, true).toString())?.[1]
    expect(log.numberOf(idOf(log))).toBe(1)
    for (const id of [idOf(other), undefined, '', 'x', `${idOf(log)}9`, '.1'])
      expect(log.numberOf(id)).toBeUndefined()
  })
})
