import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { sharedTasks } from '../../support/failing-tasks.js'
import { held } from '../../support/on-one-file.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

describe('retry', () => {
  it('gives the answer of a new task for the same input', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, runs, fail, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)({ when: new Date(5) })
    fail(new Error('no'))
    await pass(0)
    const again = await rain.retry(ref)
    expect(again.ref).not.toBe(ref)
    expect(again.status).toMatch(/pending|processing/)
    expect((await rain.retry(ref)).ref).toBe(again.ref)
    letGo('yes')
    await pass(0)
    expect(await rain.poll(again.ref)).toMatchObject({ status: 'complete', value: 'yes' })
    expect(await rain.poll(ref)).toMatchObject({ status: 'failed' })
    expect(await rain.retry(again.ref)).toMatchObject({ status: 'complete', ref: again.ref })
    expect(runs).toEqual([{ when: new Date(5) }, { when: new Date(5) }])
  })

  it('of a task whose input cannot be stored is refused, and says what to do', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, key: () => 'key' })(
      async (_: { callback: () => void }) => Promise.reject(new Error('no')),
    )
    const { ref } = await call({ callback: () => {} })
    await pass(1_000)
    await expect(rain.retry(ref)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/could not be stored.* make the call again/),
    })
  })
})

describe('a retry', () => {
  it('takes the parsed input, and does not parse it again', async () => {
    const rain = createRaincheck()
    const input = z.string().transform((text) => text.length)
    const work = vi.fn((_: number) => Promise.reject(new Error('its own')))
    const call = rain.cached({ name: 'f', asyncTimeout: 0, input })(work)
    const { ref } = await call('four')
    await rain.poll(ref, { wait: '5s' })
    const again = await rain.retry(ref)
    expect((await rain.poll(again.ref, { wait: '5s' })).status).toBe('failed')
    expect(work.mock.calls.map(([given]) => given)).toEqual([4, 4])
  })

  it('of a task whose failure could not be stored yet takes its input from memory', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks })
    const { work, runs, fail: failWork } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const { ref } = await call(1)
    const mend = fail('settle')
    failWork(new Error('its own'))
    await pass(100)
    const retried = rain.retry(ref)
    mend()
    await pass(10_000)
    expect(await retried).toMatchObject({ status: 'processing' })
    expect(runs).toEqual([1, 1])
  })
})

describe('a look at the store that fails', () => {
  it('does not end a retry of a task that runs here', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const rain = rainWith({ tasks })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1)
    fail('get')
    expect(await rain.retry(ref)).toMatchObject({ ref, status: 'processing' })
  })
})

describe('a task of another process', () => {
  it('that fails while it is looked at for a retry is retried', async () => {
    useFakeTime()
    const tasks = { ...slowable(memoryTaskStore()), shared: true }
    const owner = held(rainWith({ tasks }))
    const { ref } = await owner.call(1)
    await pass(0)
    let isFirst = true
    const get: typeof tasks.get = async (wanted) => {
      const record = await tasks.get(wanted)
      const copy = record && { ...record }
      if (isFirst) owner.fail(new Error('no'))
      isFirst = false
      await new Promise((resolve) => setTimeout(resolve, 100))
      return copy
    }
    const other = rainWith({ tasks: { ...tasks, get } })
    const { runs } = held(other)
    const retrying = other.retry(ref)
    await pass(1_000)
    expect((await retrying).ref).not.toBe(ref)
    expect(runs).toEqual([1])
  })
})
