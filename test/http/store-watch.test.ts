import { Keyv } from 'keyv'
import { describe, expect, it } from 'vitest'
import type { TaskStore } from '../../src/core/words/task-store.js'
import { createHttpApp } from '../../src/http/index.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { openEvents, type Told } from '../support/event-stream.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../support/rain.js'

/** Longer than it is to the next look at the store, and than events are gathered, in milliseconds. */
const LOOK = 1_100
const TOLD = 300

/** A stream of one raincheck's app, and another raincheck on the same stores, as of another process. */
async function elsewhere(changes: (store: TaskStore) => Partial<TaskStore> = () => ({})) {
  useFakeTime()
  const tasks = slowable(memoryTaskStore())
  const values$ = new Keyv()
  const here = rainWith({ tasks: { ...tasks, ...changes(tasks) }, values$ })
  const there = rainWith({ tasks, values$ })
  const held = heldFunction()
  const slow = there.cached({ name: 'slow', asyncTimeout: 0 })(held.work)
  const quick = there.cached({ name: 'quick', asyncTimeout: '1s' })(async () => 1)
  const faults: unknown[] = []
  const app = createHttpApp(here, { functions: [], onError: (error) => faults.push(error) })
  const { read } = await openEvents(app)
  const first = read()
  await pass(0)
  await first
  return { here, there, held, slow, quick, faults, read }
}

const aboutTask = (events: Told[] | undefined, ref: string) =>
  events?.filter(({ data }) => data.ref === ref).map(({ event, data }) => [event, data.status])

describe('tasks of another process', () => {
  it('are told of when they were removed before they had an end that could be told', async () => {
    const { there, slow, read } = await elsewhere()
    const { ref } = await slow({})
    await pass(LOOK)
    expect(aboutTask(await read(), ref)).toEqual([['task', 'processing']])
    await there.forget(ref)
    await pass(LOOK)
    expect(await read()).toMatchObject([{ event: 'removed', data: { ref } }])
  })

  it('are told of to their end, however many began after them', async () => {
    const { slow, quick, held, read } = await elsewhere()
    const { ref } = await slow({})
    await pass(LOOK)
    await read()
    for (let n = 0; n < 250; n++) await quick({ n })
    await pass(LOOK)
    const newer = await read()
    expect(new Set(newer?.map(({ data }) => data.ref)).size).toBe(250)
    held.letGo('done')
    await pass(LOOK)
    expect(aboutTask(await read(), ref)).toEqual([['task', 'complete']])
  })

  it('are told of to their end when the store was away for a part of a look', async () => {
    let isAway = false
    const failing = (store: TaskStore): Partial<TaskStore> => ({
      get: async (ref) => {
        if (isAway) throw new Error('the disk is gone')
        return store.get(ref)
      },
    })
    const { slow, quick, held, read, faults } = await elsewhere(failing)
    const { ref } = await slow({})
    await pass(LOOK)
    for (let n = 0; n < 100; n++) await quick({ n })
    await pass(LOOK)
    await read()
    held.letGo('done')
    isAway = true
    await pass(LOOK)
    expect(faults).toMatchObject([{ code: 'STORE_UNAVAILABLE' }])
    isAway = false
    await pass(LOOK)
    expect(aboutTask(await read(), ref)).toEqual([['task', 'complete']])
  })

  it('are more than one look can tell: the stream then says that something was missed', async () => {
    const { quick, read } = await elsewhere()
    for (let n = 0; n < 1_001; n++) await quick({ n })
    await pass(LOOK)
    const [first, ...rest] = (await read()) ?? []
    expect(first).toMatchObject({ event: 'ready', data: { resumed: false } })
    expect(rest).toEqual([])
  })
})

describe('what is told of a task of this process', () => {
  it('is not forgotten when it comes while the store is slow to tell of another', async () => {
    const slowly = (store: TaskStore): Partial<TaskStore> => ({
      get: async (ref) => {
        await new Promise((resolve) => setTimeout(resolve, 200))
        return store.get(ref)
      },
    })
    const { here, slow, read } = await elsewhere(slowly)
    await slow({})
    const joining = here.cached({ name: 'slow', asyncTimeout: 0 })(heldFunction().work)
    const joined = joining({})
    // It is joined after 200 ms, and its state is being read then.
    await pass(300)
    const own = here.cached({ name: 'own', asyncTimeout: 0 })(heldFunction().work)
    const { ref } = await own({})
    await pass(600)
    const told = (await read())?.map(({ data }) => data.ref)
    expect(told).toEqual([(await joined).ref, ref])
  })

  it('ends with its end, also when a look at the store that began before is ready after it', async () => {
    const late = { ms: 0 }
    const snapshots = (store: TaskStore): Partial<TaskStore> => ({
      list: async (filter) => {
        const found = structuredClone(await store.list(filter))
        if (late.ms > 0) await new Promise((resolve) => setTimeout(resolve, late.ms))
        return found
      },
    })
    const { here, read } = await elsewhere(snapshots)
    const { work, letGo } = heldFunction()
    const own = here.cached({ name: 'own', asyncTimeout: 0 })(work)
    const { ref } = await own({})
    await pass(TOLD)
    expect(aboutTask(await read(), ref)).toEqual([['task', 'processing']])
    late.ms = 400
    await pass(900)
    letGo('done')
    await pass(TOLD)
    expect(aboutTask(await read(), ref)).toEqual([['task', 'complete']])
    await pass(LOOK)
    const { ref: another } = await own({ n: 'another' })
    await pass(TOLD)
    expect(aboutTask(await read(), another)).toEqual([['task', 'processing']])
  })
})
