import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck, type Raincheck } from '../../../src/index.js'
import { sharedTasks } from '../../support/failing-tasks.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

function storeErrors(rain: Raincheck): { message: string; ref: string | undefined }[] {
  const errors: { message: string; ref: string | undefined }[] = []
  onTestFinished(rain.on('store-error', ({ error, ref }) => errors.push({ message: error.message, ref })))
  return errors
}

describe('ttl as a function', () => {
  it('decides by value and parsed input, once for each value, when it settles', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const ttl = vi.fn((value: number, { ms }: { ms: number }) => value * ms)
    const work = vi.fn(async ({ ms: _ }: { ms: number }) => 2)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl })(work)
    await call({ ms: 500 })
    await call({ ms: 500 })
    expect(ttl.mock.calls).toEqual([[2, { ms: 500 }]])
    await pass(999)
    await call({ ms: 500 })
    expect(work).toHaveBeenCalledTimes(1)
    await pass(1)
    await call({ ms: 500 })
    expect([work.mock.calls.length, ttl.mock.calls.length]).toEqual([2, 2])
  })

  it('is called once also where the store takes the value only later', async () => {
    useFakeTime()
    const { tasks, fail } = sharedTasks()
    const mend = fail('settle')
    const rain = rainWith({ tasks })
    const ttl = vi.fn(() => '1h' as const)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl })(async () => 1)
    await call()
    await pass(2_000)
    mend()
    await pass(10_000)
    expect(await call()).toMatchObject({ status: 'complete', value: 1 })
    expect(ttl).toHaveBeenCalledTimes(1)
  })

  it('with 0 no later call is answered, and the ref stays redeemable', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const work = vi.fn(async (n: number) => (n === 0 ? [] : [n]))
    const options = { name: 'f', asyncTimeout: '1s', grace: '1h' } as const
    const call = rain.cached({ ...options, ttl: (found: number[]) => (found.length === 0 ? 0 : '1h') })(work)
    const { ref } = await call(0)
    await call(0)
    await call(1)
    await call(1)
    expect(work.mock.calls).toEqual([
      [0, expect.anything()],
      [0, expect.anything()],
      [1, expect.anything()],
    ])
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: [] })
    expect(await call.peek(0)).toBeUndefined()
  })

  it('grace counts from its end, and a value that is not to be kept has none', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction<string>()
    const ttl = (_: unknown, input: string) => (input === 'kept' ? 1_000 : 0)
    const call = rain.cached({ name: 'f', asyncTimeout: '100ms', ttl, grace: '1m' })(work)
    for (const input of ['kept', 'not kept']) {
      const first = call(input)
      await pass(0)
      letGo('old')
      await first
      await pass(1_000 + 59_800)
      const second = call(input)
      await pass(100)
      const expected = input === 'kept' ? { status: 'complete', stale: true } : { status: 'processing' }
      expect(await second).toMatchObject(expected)
      letGo('new')
      await pass(0)
    }
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no idea')
      },
      'no idea',
    ],
    [
      'gives no duration',
      () => 'soon' as never,
      "what it returns must be milliseconds (0 or more) or a text such as '5s', got 'soon'",
    ],
    [
      'is async',
      async () => {
        throw new Error('unheard')
      },
      "what it returns must be milliseconds (0 or more) or a text such as '5s', got an object",
    ],
  ])('one that %s is a store-error event, and its value is not kept', async (_, ttl, reason) => {
    const rain = createRaincheck()
    const errors = storeErrors(rain)
    let runs = 0
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: ttl as never })(async () => ++runs)
    const { ref } = await call()
    expect(await call()).toMatchObject({ value: 2 })
    expect(errors[0]).toEqual({ message: `f: its value is not kept, since \`ttl\` failed: ${reason}`, ref })
    expect(await rain.poll(ref)).toMatchObject({ status: 'complete', value: 1 })
  })

  it('is not asked about errors', async () => {
    const ttl = vi.fn(() => 0)
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '1s', ttl })(async () => {
      throw new Error('no')
    })
    await expect(call()).rejects.toThrow('no')
    expect(ttl).not.toHaveBeenCalled()
  })

  it('with 0 also puts an end to the value or the error that refresh passed over', async () => {
    const ttl = (value: number) => (value === 2 || value === 5 ? 0 : '1h')
    let runs = 0
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '1s', ttl, errorTtl: '1h' })(
      async () => {
        if (++runs === 4) throw new Error('no')
        return runs
      },
    )
    const values = [await call(), await call(), await call(undefined, { refresh: true })]
    expect(values).toMatchObject([{ value: 1 }, { value: 1 }, { value: 2 }])
    expect(await call.peek()).toBeUndefined()
    expect(await call()).toMatchObject({ value: 3 })
    await call.forget()
    await expect(call()).rejects.toThrow('no')
    expect(await call(undefined, { refresh: true })).toMatchObject({ value: 5 })
    expect(await call()).toMatchObject({ value: 6 })
  })
})
