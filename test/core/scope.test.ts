import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../support/rain.js'

describe('scopes', () => {
  it('share no value and no run for equal inputs', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const work = vi.fn(async (_: string, task: { scope: string }) => task.scope)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(work)
    const scopes = ['', 'alice', 'bob', 'alice ', '"']
    const live = await Promise.all(scopes.map((scope) => call('same', { scope })))
    expect(live.map((answer) => 'value' in answer && answer.value)).toEqual(scopes)
    const hits = await Promise.all(scopes.map((scope) => call('same', { scope })))
    expect(hits).toEqual(live)
    expect(work).toHaveBeenCalledTimes(scopes.length)
    expect(new Set(live.map(({ ref }) => ref)).size).toBe(scopes.length)
  })

  it('R9: a live task of another scope is unknown to every method, and stays as it is', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1, { scope: 'alice' })
    const bob = rain.scope('bob')
    for (const method of ['poll', 'cancel', 'retry', 'forget'] as const) {
      await expect(bob[method](ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
      await expect(rain[method](ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    }
    expect((await bob.list()).tasks).toEqual([])
    letGo('hers')
    await pass(0)
    expect(await rain.scope('alice').poll(ref)).toMatchObject({ status: 'complete', value: 'hers' })
  })

  it('R9: a poll that waits on a foreign ref learns nothing by its time', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1, { scope: 'a' })
    const settled = vi.fn()
    rain.poll(ref, { wait: '25s' }).catch(settled)
    rain.poll(`rc_${'0'.repeat(22)}`, { wait: '25s' }).catch(settled)
    await pass(0)
    expect(settled).toHaveBeenCalledTimes(2)
  })

  it('a retry stays in the scope of its task', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, fail, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1, { scope: 'alice' })
    await pass(0)
    fail(new Error('no'))
    await pass(0)
    const again = await rain.scope('alice').retry(ref)
    await pass(0)
    letGo('yes')
    await pass(0)
    await expect(rain.poll(again.ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(await rain.scope('alice').poll(again.ref)).toMatchObject({ value: 'yes' })
  })
})

describe('R3: the key', () => {
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
