import { Keyv } from 'keyv'
import { describe, expect, it, vi } from 'vitest'
import { newRef } from '../../../src/core/words/ref.js'
import type { TaskStore } from '../../../src/core/words/task-store.js'
import { createRaincheck, type RaincheckError } from '../../../src/index.js'
import { rainOn, shared } from '../../support/failing-tasks.js'
import { heldFunction, pass, stored, useFakeTime } from '../../support/rain.js'

const hang = () => new Promise<never>(() => {})

describe('poll', () => {
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

  it.each([0, 25_000])(
    'with a wait of %d ms answers what is in the store, or once the store has not taken it',
    async (wait) => {
      useFakeTime()
      const settling: { letGo: () => void; fail: (error: Error) => void }[] = []
      const settle = async (...args: Parameters<TaskStore['settle']>) => {
        await new Promise<void>((resolve, reject) => settling.push({ letGo: resolve, fail: reject }))
        return store.settle(...args)
      }
      const store = shared()
      const { rain, call, letGo } = rainOn(store, { settle })
      const ends = [
        ({ letGo }: (typeof settling)[0]) => letGo(),
        ({ fail }: (typeof settling)[0]) => fail(new Error('down')),
      ]
      for (const [at, end] of ends.entries()) {
        const { ref } = await call(at)
        await pass(0)
        letGo('value')
        await pass(0)
        const polled = vi.fn()
        void rain.poll(ref, { wait }).then(polled)
        await pass(1_000)
        expect(polled).not.toHaveBeenCalled()
        end(settling[at] as (typeof settling)[0])
        await pass(0)
        expect(polled).toHaveBeenCalledWith(expect.objectContaining({ status: 'complete', value: 'value' }))
      }
    },
  )

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

describe('refs that answer nothing', () => {
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

describe('a value store that is slow to read', () => {
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
