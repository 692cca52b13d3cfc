import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('the key', () => {
  it('is one for a thousand equal calls at once, and each gets the same answer', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async ({ n }: { n: number }) => ({ n }))
    const call = rain.cached({ name: 'f', asyncTimeout: '10s' })(work)
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => call({ n: 1 })))
    expect(work).toHaveBeenCalledOnce()
    expect(new Set(answers.map(({ ref }) => ref)).size).toBe(1)
    expect(new Set(answers.map((answer) => 'value' in answer && answer.value)).size).toBe(1)
    await rain.close()
  })

  it('differs by name and by version of the function', async () => {
    const rain = createRaincheck()
    const options = { asyncTimeout: '1s', ttl: '1h' } as const
    const wrapped = [
      rain.cached({ ...options, name: 'f' })(async (_: number) => 'f'),
      rain.cached({ ...options, name: 'g' })(async (_: number) => 'g'),
      rain.cached({ ...options, name: 'f', version: '2' })(async (_: number) => 'f 2'),
    ]
    for (let round = 0; round < 2; round++)
      expect(await Promise.all(wrapped.map((call) => call.value(1)))).toEqual(['f', 'g', 'f 2'])
    await rain.close()
  })

  it('is what `key` picks, also by a promise, and of any type that has content', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async ({ id }: { id: number; noise: number }) => id)
    const key = async ({ id }: { id: number }) => new Map([[new Date(id), id]])
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h', key })(work)
    for (let noise = 0; noise < 3; noise++) expect(await call.value({ id: 1, noise })).toBe(1)
    expect(await call.value({ id: 2, noise: 0 })).toBe(2)
    expect(work).toHaveBeenCalledTimes(2)
    await rain.close()
  })

  it('that cannot be made refuses the call and names `key`; one that throws rejects it with its own error', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async (_: number) => 1)
    const unkeyable = rain.cached({ name: 'f', asyncTimeout: 0, key: () => ({ deep: [() => 1] }) })(work)
    await expect(unkeyable(1)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('key.deep[0] is a function'),
    })
    const own = new Error('no such file')
    const throwing = rain.cached({ name: 'g', asyncTimeout: 0, key: async () => Promise.reject(own) })(work)
    await expect(throwing(1)).rejects.toBe(own)
    expect(work).not.toHaveBeenCalled()
    expect(await rain.list()).toEqual({ tasks: [] })
    await rain.close()
  })
})

describe('equal keys', () => {
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

describe('equal calls of one moment', () => {
  it('do not share what was answered before the task changed', async () => {
    useFakeTime()
    const { work, fail } = heldFunction()
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, retries: 1 })(work)
    const { ref } = await call(1)
    expect(await call(1)).toMatchObject({ status: 'processing' })
    fail(new Error('once'))
    await pass(0)
    expect(await rain.poll(ref)).toMatchObject({ status: 'pending' })
    expect(await call(1)).toMatchObject({ status: 'pending' })
  })
})
