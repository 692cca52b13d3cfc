import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { shared, sharedTasks } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

describe('progress', () => {
  it('derives percentage and ETA from what the function tells, and goes out with the end', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    let tell: ((current: number) => void) | undefined
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })((input: number, task) => {
      tell = (current) =>
        task.progress({ current, total: 12, message: `page ${current} of 12`, step: 'pages' })
      return work(input)
    })
    const { ref } = await call(1)
    const told = vi.fn()
    rain.on('progress', told)
    await pass(3_000)
    tell?.(3)
    expect(await rain.poll(ref)).toMatchObject({
      progress: {
        current: 3,
        total: 12,
        percentage: 25,
        etaMs: 9_000,
        message: 'page 3 of 12',
        step: 'pages',
      },
    })
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ ref, progress: expect.objectContaining({ percentage: 25 }) }),
    )
    letGo('x')
    await pass(0)
    tell?.(4)
    expect(told).toHaveBeenCalledOnce()
  })

  it('and logs go out from a handle that was taken apart or spread', async () => {
    const rain = createRaincheck()
    const [progress, log] = [vi.fn(), vi.fn()]
    rain.on('progress', progress)
    rain.on('log', log)
    await rain.cached({ name: 'f', asyncTimeout: '1m' })(async (_: unknown, task) => {
      const { progress, log } = task
      progress({ current: 1 })
      log('taken apart')
      const spread = { ...task }
      spread.progress({ current: 2 })
      spread.log('spread')
    })()
    expect(progress.mock.calls.map(([told]) => told.progress.current)).toEqual([1, 2])
    expect(log.mock.calls.map(([told]) => told.line)).toEqual(['taken apart', 'spread'])
  })

  it('does not pile up at a store that hangs, to hold up the value', async () => {
    useFakeTime()
    const { tasks } = sharedTasks()
    const { work, letGo } = heldFunction()
    const wrapped = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: '1d' })((input: number, task) => {
      const timer = setInterval(() => task.progress({ message: 'more' }), 100)
      return work(input).finally(() => clearInterval(timer))
    })
    const answered = vi.fn()
    void wrapped(1).then(answered)
    await pass(0)
    tasks.update = () => new Promise(() => {})
    tasks.settle = () => new Promise(() => {})
    await pass(60_000)
    letGo('value')
    await pass(30_000)
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ value: 'value' }))
  })
})

describe('the progress of a task in a shared store', () => {
  it('is written at most four times a second, however often the function tells it', async () => {
    useFakeTime()
    const tasks = shared()
    const update = vi.spyOn(tasks, 'update')
    const rain = rainWith({ tasks })
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })((input: number, task) => {
      let current = 0
      const timer = setInterval(() => task.progress({ current: ++current, total: 1_000 }), 10)
      return work(input).finally(() => clearInterval(timer))
    })
    const { ref } = await call(1)
    await pass(5_000)
    // One write more than four a second: the state, at the start.
    expect(update.mock.calls.length).toBeGreaterThan(15)
    expect(update.mock.calls.length).toBeLessThanOrEqual(21)
    expect((await tasks.get(ref))?.progress?.current).toBeGreaterThan(450)
    letGo('done')
    await pass(1_000)
    // The last one goes out with the end.
    expect(await tasks.get(ref)).toMatchObject({ status: 'complete', progress: { current: 500 } })
  })

  it.each(['a value', 'an error'])('that is slow to be written is not overtaken by %s', async (end) => {
    useFakeTime()
    const tasks = shared()
    const { update, settle } = tasks
    const landed: string[] = []
    tasks.update = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      landed.push('update')
      return update(...args)
    }
    tasks.settle = async (...args) => {
      landed.push('settle')
      return settle(...args)
    }
    const { work, letGo, fail } = heldFunction()
    const { ref } = await rainWith({ tasks }).cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    await pass(300)
    if (end === 'a value') letGo('value')
    else fail(new Error('no'))
    await pass(2_000)
    expect(landed).toEqual([])
    await pass(2_000)
    expect(landed).toEqual(['update', 'settle'])
    expect((await tasks.get(ref))?.status).toBe(end === 'a value' ? 'complete' : 'failed')
  })

  it('that cannot be written costs the task nothing, and is told', async () => {
    useFakeTime()
    const tasks = shared()
    tasks.update = () => Promise.reject(new Error('read-only'))
    const rain = rainWith({ tasks })
    const told = vi.fn()
    rain.on('store-error', told)
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    await pass(1_000)
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ ref }))
    letGo('value')
    await pass(0)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'value' })
  })
})
