import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, stored, useFakeTime } from '../../support/rain.js'

const hang = () => new Promise<never>(() => {})

describe('the window of a call', () => {
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

  it('ends no sooner because a slow store has not taken the record', async () => {
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

describe('a value store that is slow to read', () => {
  it('does not lengthen the window of a call that it could answer', async () => {
    useFakeTime()
    const values$ = new Keyv()
    const { call, work } = await stored(values$)
    expect(work).toHaveBeenCalledTimes(2)
    vi.spyOn(values$, 'get').mockImplementation(hang)
    const answered = vi.fn()
    call(1).then(answered, answered)
    await pass(1_050)
    expect(answered).toHaveBeenCalled()
  })

  it('does not lengthen the window for an old value that may stand in', async () => {
    useFakeTime()
    const values$ = new Keyv()
    const { work, letGo } = heldFunction()
    const options = { name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' } as const
    const call = rainWith({ values$ }).cached(options)(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    await first
    await pass(60_000)
    vi.spyOn(values$, 'get').mockImplementation(hang)
    const answered = vi.fn()
    call(1).then(answered, answered)
    await pass(1_050)
    expect(answered).toHaveBeenCalled()
  })
})

it('a caller who is handed off at once learns that the task runs, with and without grace', async () => {
  useFakeTime()
  const rain = createRaincheck()
  for (const grace of [0, '1m'] as const) {
    const told: string[] = []
    const stop = [rain.on('start', () => told.push('start')), rain.on('handoff', () => told.push('handoff'))]
    const call = rain.cached({ name: `f ${grace}`, asyncTimeout: 0, grace })(hang)
    expect(await call(1)).toMatchObject({ status: 'processing' })
    expect(told).toEqual(['start', 'handoff'])
    for (const end of stop) end()
  }
})
