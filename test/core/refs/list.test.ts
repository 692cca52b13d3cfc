import { describe, expect, it } from 'vitest'
import { inProcess } from '../../../src/backends/in-process/in-process.js'
import { createRaincheck } from '../../../src/index.js'
import { down, rainOn, shared, sharedTasks } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

describe('list, forget and prune', () => {
  it('list shows the tasks of the scope without their values, newest first, in pages', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', title: (n: number) => `number ${n}` })(
      async (n) => n,
    )
    for (let n = 0; n < 5; n++) {
      await call(n)
      await pass(1)
    }
    await call(9, { scope: 'other' })
    const first = await rain.list({ limit: 3 })
    const second = await rain.list({ limit: 3, ...(first.cursor ? { cursor: first.cursor } : {}) })
    expect(first.tasks.map(({ title }) => title)).toEqual(['number 4', 'number 3', 'number 2'])
    expect(second.tasks.map(({ title }) => title)).toEqual(['number 1', 'number 0'])
    expect(second.cursor).toBeUndefined()
    expect(first.tasks[0]).not.toHaveProperty('value')
    expect((await rain.list({ status: 'failed' })).tasks).toEqual([])
    expect((await rain.scope('other').list()).tasks).toHaveLength(1)
  })
})

describe('a list', () => {
  it('shows what a task of this process came to although that is not stored yet', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks })
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    fail('settle')
    letGo('value')
    await pass(100)
    expect((await rain.list()).tasks).toEqual([expect.objectContaining({ ref, status: 'complete' })])
    expect((await rain.list({ status: 'processing' })).tasks).toEqual([])
  })
})

describe('a page of a list by status', () => {
  it('is full although newer tasks of this process are further than their records', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks, backend: inProcess({ concurrency: 6 }) })
    const slow = rain.cached({ name: 'slow', asyncTimeout: 0 })(heldFunction<number>().work)
    const older = [await slow(1), await slow(2), await slow(3)].map(({ ref }) => ref)
    await pass(1)
    const { work, letGo } = heldFunction<number>()
    const quick = rain.cached({ name: 'quick', asyncTimeout: 0 })(work)
    for (const n of [1, 2, 3]) await quick(n)
    // Records say so a moment later.
    await pass(1_000)
    fail('settle')
    for (const value of ['a', 'b', 'c']) letGo(value)
    await pass(0)
    const first = await rain.list({ status: 'processing', limit: 2 })
    const second = await rain.list({ status: 'processing', limit: 2, cursor: first.cursor as string })
    expect([first.tasks.length, second.tasks.length, second.cursor]).toEqual([2, 1, undefined])
    const refs = [...first.tasks, ...second.tasks].map(({ ref }) => ref)
    expect(refs.sort()).toEqual(older.sort())
  })
})

describe('a store that is away when a task ends', () => {
  it('does not keep its end from a list of the process that ran it', async () => {
    useFakeTime()
    const { rain, call, fail } = rainOn(shared(), { settle: down })
    const { ref } = await call(1)
    await pass(0)
    fail(new Error('no'))
    await pass(0)
    expect(await rain.list()).toMatchObject({ tasks: [{ ref, status: 'failed', error: { message: 'no' } }] })
  })
})
