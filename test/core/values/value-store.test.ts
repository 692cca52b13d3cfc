import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { defaultSerializer } from '../../../src/core/values/serializer.js'
import { createRaincheck } from '../../../src/index.js'
import { pass, rainWith, stored, useFakeTime } from '../../support/rain.js'

describe('a value store that fails', () => {
  const failures: [string, (keyv: Keyv) => void][] = [
    ['throws', (keyv) => void vi.spyOn(keyv, 'set').mockRejectedValue(new Error('down'))],
    ['answers false', (keyv) => void vi.spyOn(keyv, 'set').mockResolvedValue(false)],
    ['hangs', (keyv) => void vi.spyOn(keyv, 'set').mockReturnValue(new Promise(() => {}))],
  ]

  it.each(failures)('and %s costs the caller nothing, and is told', async (_, breakIt) => {
    useFakeTime()
    const values$ = new Keyv()
    breakIt(values$)
    const rain = rainWith({ values$ })
    const told = vi.fn()
    rain.on('store-error', told)
    const answer = rain.cached({ name: 'f', asyncTimeout: '30s', ttl: '1h' })(async () => 'computed')()
    await pass(5_000)
    expect(await answer).toMatchObject({ status: 'complete', value: 'computed' })
    expect(told).toHaveBeenCalled()
  })

  it('and comes back takes the value then, and until that the ref is answered from memory', async () => {
    useFakeTime()
    const values$ = new Keyv()
    const set = vi.spyOn(values$, 'set').mockRejectedValue(new Error('down'))
    const rain = rainWith({ values$ })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 'computed')()
    await pass(1_000)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'computed' })
    set.mockRestore()
    await pass(60_000)
    expect(await values$.get(`value:${ref}`)).toBe(defaultSerializer.stringify('computed'))
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'computed' })
  })
})

describe('a value store that does not answer', () => {
  it('gets each value three times at most, and again once it has answered', async () => {
    useFakeTime()
    const values$ = new Keyv()
    const { set } = values$
    const held: (() => void)[] = []
    values$.set = (...args) =>
      new Promise((resolve) => held.push(() => resolve(Reflect.apply(set, values$, args))))
    const rain = rainWith({ values$ })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 'computed')()
    await pass(50_000)
    expect(held).toHaveLength(3)
    for (const answer of held) answer()
    values$.set = set
    await pass(60_000)
    expect(rain.busy).toBe(false)
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'computed' })
  })
})

describe('a value store that has lost a value', () => {
  it('makes a call compute it anew, and the ref of the lost one unknown', async () => {
    const values$ = new Keyv()
    const { rain, call, ref, work } = await stored(values$)
    await values$.delete(`value:${ref}`)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    const answer = await call(1)
    expect(answer).toMatchObject({ status: 'complete', value: 'value 1' })
    expect(answer.ref).not.toBe(ref)
    expect(work).toHaveBeenCalledTimes(3)
    await rain.close()
  })

  it('that fails to read tells so by STORE_UNAVAILABLE, and not that the ref is unknown', async () => {
    const values$ = new Keyv()
    const { rain, ref } = await stored(values$)
    vi.spyOn(values$, 'get').mockRejectedValue(new Error('connection reset'))
    await expect(rain.poll(ref)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('connection reset'),
    })
    await rain.close()
  })
})

describe('a Keyv that is handed in', () => {
  it('holds the values, under value:<ref>', async () => {
    const store = new Keyv()
    const rain = createRaincheck({ store })
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => 42)()
    expect(await store.has(`value:${ref}`)).toBe(true)
    expect(await rain.poll(ref)).toMatchObject({ value: 42 })
    await rain.close()
  })
})
