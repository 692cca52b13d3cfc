import { Keyv } from 'keyv'
import { describe, expect, it } from 'vitest'
import { createRaincheck, type TaskStore } from '../../src/index.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { slowable } from '../support/rain.js'

describe('a custom store', () => {
  it('holds the records, and its Keyv the values', async () => {
    const tasks = slowable(memoryTaskStore())
    const values = new Keyv()
    const rain = createRaincheck({ app: 'test', store: { tasks, values } })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: '5s' })(async (n: number) => n)(1)
    expect(await tasks.get(ref)).toMatchObject({ status: 'complete', name: 'f' })
    expect(await values.get(`value:${ref}`)).toBe('j1')
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 1 })
    await rain.close()
  })

  it('is shared by rainchecks, which take over tasks from each other', async () => {
    const store = { tasks: { ...slowable(memoryTaskStore()), shared: true }, values: new Keyv() }
    const [one, other] = [createRaincheck({ app: 'a', store }), createRaincheck({ app: 'a', store })]
    const { ref } = await one.cached({ name: 'f', asyncTimeout: '5s', ttl: '1h' })(async (n: number) => n)(1)
    const call = other.cached({ name: 'f', asyncTimeout: '5s', ttl: '1h' })(async (n: number) => -n)
    expect(await call(1)).toMatchObject({ ref, value: 1 })
    await Promise.all([one.close(), other.close()])
  })

  it('keeps the values in memory where only this process sees its records', async () => {
    const rain = createRaincheck({ store: { tasks: memoryTaskStore() } })
    const call = rain.cached({ name: 'f', asyncTimeout: '5s', ttl: '1h' })(async (n: number) => n)
    const { ref } = await call(1)
    expect(await rain.poll(ref)).toMatchObject({ value: 1 })
    await rain.close()
  })

  const shared: TaskStore = { ...slowable(memoryTaskStore()), shared: true }
  const keeping: TaskStore = { ...slowable(memoryTaskStore()), keepsValues: true }
  const { takeOver: _, ...without } = slowable(memoryTaskStore())
  it.each([
    [
      'no task store',
      { tasks: {} },
      /store\.tasks must be a TaskStore, with the method start, got an object/,
    ],
    ['half a task store', { tasks: without }, /store\.tasks must be a TaskStore, with the method takeOver/],
    [
      'values that are no Keyv',
      { tasks: shared, values: new Map() },
      /store\.values must be a Keyv, got an object/,
    ],
    [
      'shared tasks without values',
      { tasks: shared },
      /store\.values must be a Keyv that every process on this/,
    ],
    ['values nobody finds', { tasks: keeping }, /store\.values must be a Keyv that every process on this/],
    [
      'an unknown field',
      { tasks: shared, value: new Keyv() },
      /there is no option 'value'; known are tasks, values/,
    ],
  ])('is refused with %s', (_, store, message) => {
    expect(() => createRaincheck({ store: store as never })).toThrow(message)
  })
})

it('a custom store whose methods throw instead of rejecting costs no value and no slot', async () => {
  const whole = slowable(memoryTaskStore())
  let isDown = true
  const update: TaskStore['update'] = (...args) => {
    if (isDown) throw new Error('no connection')
    return whole.update(...args)
  }
  const rain = createRaincheck({ concurrency: 1, store: { tasks: { ...whole, update } } })
  const errors: string[] = []
  rain.on('store-error', ({ error }) => errors.push(error.message))
  const call = rain.cached({ name: 'f', asyncTimeout: '5s' })(async (n: number) => n)
  expect(await call(1)).toMatchObject({ value: 1 })
  isDown = false
  expect(await call(2)).toMatchObject({ value: 2 })
  expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0 })
  expect(errors).toEqual([expect.stringContaining('no connection')])
  await rain.close()
})
