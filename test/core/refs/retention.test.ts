import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { handedOff, heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('ttl and retention', () => {
  it('start when the task settles: ttl for the key, retention for the ref', async () => {
    useFakeTime()
    const rain = createRaincheck({ retention: '1h' })
    const { work, letGo, runs } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1m' })(work)
    const { ref } = await call(1)
    await pass(10 * 3_600_000)
    expect((await rain.poll(ref)).status).toBe('processing')
    letGo('value')
    await pass(0)
    await pass(59_999)
    expect(await call(1)).toMatchObject({ status: 'complete', value: 'value', ref })
    await pass(1)
    expect((await call(1)).ref).not.toBe(ref)
    expect(runs).toHaveLength(2)
    await pass(3_540_000 - 1)
    expect((await rain.poll(ref)).status).toBe('complete')
    await pass(1)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('a value outlives retention for as long as its key answers', async () => {
    useFakeTime()
    const rain = createRaincheck({ retention: '1m' })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => 'value')
    const { ref } = await call()
    await pass(3_599_000)
    expect(await call()).toMatchObject({ value: 'value', ref })
    expect((await rain.poll(ref)).status).toBe('complete')
  })
})

describe('retention', () => {
  it.each(['fails', 'is cancelled'])('of a task that %s starts when it settles', async (how) => {
    const { rain, ref, fail } = await handedOff()
    await pass(30 * 86_400_000)
    if (how === 'fails') fail(new Error('no'))
    else await rain.cancel(ref)
    await pass(86_400_000 - 1)
    expect((await rain.poll(ref)).status).toBe(how === 'fails' ? 'failed' : 'cancelled')
    await pass(2)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('a retry of what has expired is as unknown as a poll of it', async () => {
    const { rain, ref, fail } = await handedOff()
    fail(new Error('no'))
    await pass(86_400_001)
    for (const method of ['retry', 'cancel', 'forget'] as const)
      await expect(rain[method](ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })

  it('of Infinity keeps a ref for ever, as ttl of Infinity does a key', async () => {
    useFakeTime()
    const rain = createRaincheck({ retention: Number.POSITIVE_INFINITY })
    const work = vi.fn(async () => 'kept')
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: Number.POSITIVE_INFINITY })(work)
    const { ref } = await call()
    await pass(100 * 365 * 86_400_000)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'kept' })
    expect(await call()).toMatchObject({ ref, value: 'kept' })
    expect(work).toHaveBeenCalledOnce()
  })
})
