import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

const hang = () => new Promise<never>(() => {})

/** A value of input 1 that is in the store and no longer in memory, which keeps one. */
async function stored(values$: Keyv) {
  const rain = rainWith({ values$, maxEntries: 1 })
  const work = vi.fn(async (n: number) => `value ${n}`)
  const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(work)
  const { ref } = await call(1)
  await call(2)
  return { rain, call, ref, work }
}

describe('a value store that is slow to read', () => {
  it('R1: does not lengthen the window of a call that it could answer', async () => {
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

  it('R1: does not lengthen the window for an old value that may stand in (R12)', async () => {
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

  it('rejects a poll after the deadline of a store call, and answers it when it is back', async () => {
    useFakeTime()
    const values$ = new Keyv()
    const { rain, ref } = await stored(values$)
    const get = vi.spyOn(values$, 'get').mockImplementation(hang)
    const settled = vi.fn()
    rain.poll(ref).catch(settled)
    await pass(4_999)
    expect(settled).not.toHaveBeenCalled()
    await pass(1)
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }))
    get.mockRestore()
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 'value 1' })
    expect(vi.getTimerCount()).toBe(0)
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
