import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

describe('R1: the window of a call', () => {
  it('gives the value of a quick function', async () => {
    const rain = createRaincheck()
    const double = rain.cached({ name: 'double', asyncTimeout: '1s' })(async (n: number) => 2 * n)
    expect(await double(4)).toMatchObject({ status: 'complete', value: 8, name: 'double', title: 'double' })
    await rain.close()
  })

  it('gives a ref when the function hangs, at asyncTimeout and not before', async () => {
    useFakeTime()
    const { work } = heldFunction()
    const call = rainWith().cached({ name: 'f', asyncTimeout: '5s' })(work)
    const answered = vi.fn()
    void call(1).then(answered)
    await pass(4_999)
    expect(answered).not.toHaveBeenCalled()
    await pass(1)
    expect(answered).toHaveBeenCalledWith(
      expect.objectContaining({ status: 'processing', ref: expect.stringMatching(/^rc_/) }),
    )
  })

  it('0 hands off at once, and Infinity never', async () => {
    useFakeTime()
    const { work, letGo } = heldFunction()
    const call = rainWith().cached({ name: 'f', asyncTimeout: 0 })(work)
    expect((await call(1)).status).toMatch(/pending|processing/)
    const whole = call(1, { asyncTimeout: Number.POSITIVE_INFINITY })
    await pass(10 ** 9)
    letGo('at last')
    expect(await whole).toMatchObject({ status: 'complete', value: 'at last' })
  })

  it('is each caller’s own, while they share one run', async () => {
    useFakeTime()
    const { work, letGo, runs } = heldFunction()
    const call = rainWith().cached({ name: 'f', asyncTimeout: '1s' })(work)
    const impatient = call('same')
    await pass(500)
    const patient = call('same', { asyncTimeout: '10s' })
    await pass(500)
    const handedOff = await impatient
    expect(handedOff.status).toBe('processing')
    letGo('value')
    expect(await patient).toMatchObject({ status: 'complete', value: 'value', ref: handedOff.ref })
    expect(runs).toEqual(['same'])
  })

  it('covers a slow key: the caller is handed off as soon as there is a task', async () => {
    useFakeTime()
    const { work } = heldFunction()
    const slowKey = () => new Promise((resolve) => setTimeout(resolve, 3_000, 'key'))
    const call = rainWith().cached({ name: 'f', asyncTimeout: '1s', key: slowKey })(work)
    const answer = call(1)
    await pass(3_000)
    expect((await answer).status).toMatch(/pending|processing/)
  })

  it('ends no sooner because a slow store has not taken the record (R7)', async () => {
    useFakeTime()
    const tasks = slowable(memoryTaskStore())
    const start = tasks.start
    tasks.start = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      return start(...args)
    }
    const { work } = heldFunction()
    const call = rainWith({ tasks }).cached({ name: 'f', asyncTimeout: '1s' })(work)
    const answered = vi.fn()
    void call(1).then(answered)
    await pass(1_999)
    expect(answered).not.toHaveBeenCalled()
    await pass(1)
    expect(answered).toHaveBeenCalled()
  })

  it('a signal stops this caller’s waiting, and the work goes on', async () => {
    useFakeTime()
    const { work, letGo } = heldFunction()
    const call = rainWith().cached({ name: 'f', asyncTimeout: '1h', ttl: '1h' })(work)
    const controller = new AbortController()
    const left = call(1, { signal: controller.signal })
    const stays = call(1)
    await pass(10)
    controller.abort(new Error('enough'))
    await expect(left).rejects.toThrow('enough')
    letGo('done')
    expect(await stays).toMatchObject({ value: 'done' })
  })
})

describe('R2: the queue', () => {
  it('a full queue makes the function wait, and not the caller', async () => {
    useFakeTime()
    const { work, runs, letGo } = heldFunction()
    const call = createRaincheck({ concurrency: 1 }).cached({ name: 'f', asyncTimeout: '1s' })(work)
    const first = call('first')
    const second = call('second')
    await pass(1_000)
    expect((await first).status).toBe('processing')
    expect((await second).status).toBe('pending')
    expect(runs).toEqual(['first'])
    letGo(1)
    await pass(0)
    expect(runs).toEqual(['first', 'second'])
  })

  it('a function that awaits another lends its slot, however deep they nest', async () => {
    const rain = createRaincheck({ concurrency: 1 })
    const sum = rain.cached({ name: 'sum', asyncTimeout: '1s' })(
      async (n: number): Promise<number> => (n === 0 ? 0 : n + (await sum.value(n - 1))),
    )
    expect(await sum.value(20)).toBe(210)
    expect(rain.queue.stats()).toEqual({ waiting: 0, running: 0, abandoned: 0, paused: false })
    await rain.close()
  })

  it('the highest priority that any caller asks for counts', async () => {
    useFakeTime()
    const { work, runs, letGo } = heldFunction()
    const call = createRaincheck({ concurrency: 1 }).cached({ name: 'f', asyncTimeout: 0 })(work)
    await call('running')
    for (const input of ['a', 'b', 'c']) await call(input)
    await call('c', { priority: 5 })
    for (let turn = 0; turn < 3; turn++) {
      letGo(turn)
      await pass(0)
    }
    expect(runs).toEqual(['running', 'c', 'a', 'b'])
  })
})

describe('R3: equal keys', () => {
  it('share one run while it waits, runs, rests between attempts, and after a handoff', async () => {
    useFakeTime()
    const { work, runs, letGo, fail } = heldFunction()
    const rain = createRaincheck({ concurrency: 1 })
    const call = rain.cached({ name: 'f', asyncTimeout: 0, retries: 1, retryDelay: '10s' })(work)
    const blocker = await call('blocker')
    const refs = [(await call({ a: 1, b: 2 })).ref, (await call({ b: 2, a: 1 })).ref]
    letGo('blocker')
    await pass(0)
    refs.push((await call({ a: 1, b: 2 })).ref)
    fail(new Error('first attempt'))
    await pass(0)
    const resting = await call({ a: 1, b: 2 })
    expect(resting.status).toBe('pending')
    refs.push(resting.ref)
    await pass(20_000)
    letGo('second attempt')
    await pass(0)
    expect(new Set(refs).size).toBe(1)
    expect(runs).toEqual(['blocker', { a: 1, b: 2 }, { a: 1, b: 2 }])
    expect(blocker.ref).not.toBe(refs[0])
  })
})
