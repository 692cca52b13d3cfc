import { describe, expect, it, vi } from 'vitest'
import { newRef } from '../../../src/core/words/ref.js'
import { createRaincheck, isRef, type RaincheckError } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('a ref', () => {
  it('is rc_ and 22 digits of base 62, each digit as likely as any other', () => {
    const refs = Array.from({ length: 20_000 }, () => newRef())
    expect(new Set(refs).size).toBe(refs.length)
    expect(refs.every(isRef)).toBe(true)
    const counts = new Map<string, number>()
    for (const digit of refs.flatMap((ref) => [...ref.slice(3)]))
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
    expect(counts.size).toBe(62)
    // 440,000 draws: 7,097 of each expected, and a deviation of 10 % is eight times the standard one.
    for (const count of counts.values()) expect(Math.abs(count - 7_097)).toBeLessThan(710)
  })

  it.each([
    '',
    'rc_',
    'rc_12',
    `rc_${'0'.repeat(23)}`,
    `rc_${'-'.repeat(22)}`,
    `xx_${'0'.repeat(22)}`,
    5,
    undefined,
  ])('is not %j', (text) => expect(isRef(text)).toBe(false))
})

describe('R8: poll', () => {
  it('answers the same again and again', async () => {
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => ({ deep: [1] }))()
    const first = await rain.poll(ref)
    expect(first).toMatchObject({ status: 'complete', value: { deep: [1] } })
    expect(await rain.poll(ref)).toEqual(first)
    await rain.close()
  })

  it('with wait resolves when the task settles', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    const polled = vi.fn()
    void rain.poll(ref, { wait: '25s' }).then(polled)
    await pass(10_000)
    expect(polled).not.toHaveBeenCalled()
    letGo('now')
    await pass(0)
    expect(polled).toHaveBeenCalledWith(expect.objectContaining({ status: 'complete', value: 'now' }))
  })

  it('with wait resolves after that time with the status', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1)
    const polled = vi.fn()
    void rain.poll(ref, { wait: '25s' }).then(polled)
    await pass(24_999)
    expect(polled).not.toHaveBeenCalled()
    await pass(1)
    expect(polled).toHaveBeenCalledWith(expect.objectContaining({ status: 'processing' }))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('suggests the next poll: soon for a young task, later for an old one', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1)
    const ask = async () => (await rain.poll(ref)) as { pollAfterMs?: number }
    expect((await ask()).pollAfterMs).toBe(500)
    await pass(20_000)
    expect((await ask()).pollAfterMs).toBe(2_000)
    await pass(3_600_000)
    expect((await ask()).pollAfterMs).toBe(5_000)
  })
})

describe('R9: refs that answer nothing', () => {
  it('are told apart by nothing: unknown, mistyped, expired, another scope’s', async () => {
    useFakeTime()
    const rain = createRaincheck({ retention: '1m' })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    const expired = (await call(1)).ref
    await pass(60_000)
    const foreign = (await call(2, { scope: 'somebody' })).ref
    const errors: RaincheckError[] = []
    for (const ref of [newRef(), 'mistyped', expired, foreign])
      errors.push(await rain.poll(ref).catch((error) => error))
    expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('REF_NOT_FOUND'))
    const refs = [...errors.map(({ message }) => / ref (\S+):/.exec(message)?.[1])]
    expect(
      new Set(errors.map(({ message }, index) => message.replace(refs[index] as string, ''))),
    ).toHaveProperty('size', 1)
    expect(await rain.scope('somebody').poll(foreign)).toMatchObject({ value: 2 })
    for (const method of ['cancel', 'retry', 'forget'] as const)
      await expect(rain[method](foreign)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })
})

describe('R11: ttl and retention', () => {
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

describe('R12: grace', () => {
  it('lets an expired value stand in while the new one takes longer than the window', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    const { ref } = await first
    await pass(60_000)
    const second = call(1)
    await pass(1_000)
    const stale = await second
    expect(stale).toMatchObject({ status: 'complete', value: 'old', stale: true })
    expect(stale.ref).not.toBe(ref)
    letGo('new')
    await pass(0)
    expect(await rain.poll(stale.ref)).toMatchObject({ status: 'complete', value: 'new' })
    expect(await call(1)).toMatchObject({ value: 'new' })
    expect(await call(1)).not.toHaveProperty('stale')
  })

  it('lets it stand in when the new one fails, and no longer than its age', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo, fail } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    await first
    await pass(60_000)
    const second = call(1)
    await pass(0)
    fail(new Error('down'))
    expect(await second).toMatchObject({ value: 'old', stale: true })
    await pass(3_600_000)
    const third = call(1)
    await pass(0)
    fail(new Error('down'))
    await expect(third).rejects.toThrow('down')
  })
})
