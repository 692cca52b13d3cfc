import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { inProcess } from '../../../src/backends/in-process/in-process.js'
import {
  createRaincheck,
  fromModule,
  NonRetryableError,
  type RaincheckError,
  type RaincheckOptions,
} from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

function open(options: RaincheckOptions = {}) {
  const rain = createRaincheck(options)
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

describe('a function that throws', () => {
  it('rejects the call inside the window with its own error, unchanged', async () => {
    const thrown = Object.assign(new RangeError('mine'), { extra: 1 })
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => {
      throw thrown
    })
    await expect(call()).rejects.toBe(thrown)
    await rain.close()
  })

  it('is in the answer after a handoff, with every attempt', async () => {
    useFakeTime()
    const { work, fail } = heldFunction()
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, retries: 1, retryDelay: 100 })(work)(1)
    fail(new Error('one'))
    await pass(1_000)
    fail(Object.assign(new Error('two'), { code: 'E2' }))
    await pass(0)
    const answer = await rain.poll(ref)
    expect(answer).toMatchObject({
      status: 'failed',
      retryable: true,
      error: {
        message: 'two',
        code: 'E2',
        attempts: [
          { error: { message: 'one' }, at: expect.any(Number) },
          { error: { message: 'two' }, at: expect.any(Number) },
        ],
      },
    })
  })

  it('is called again by the next call, unless errorTtl keeps its error', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const work = vi.fn(async () => {
      throw new Error('no')
    })
    const forgetful = rain.cached({ name: 'forgetful', asyncTimeout: '1s' })(work)
    for (let time = 0; time < 2; time++) await expect(forgetful()).rejects.toThrow('no')
    expect(work).toHaveBeenCalledTimes(2)
    const mindful = rain.cached({ name: 'mindful', asyncTimeout: '1s', errorTtl: '1m' })(work)
    for (let time = 0; time < 2; time++) await expect(mindful()).rejects.toThrow('no')
    expect(work).toHaveBeenCalledTimes(3)
    await pass(60_000)
    await expect(mindful()).rejects.toThrow('no')
    expect(work).toHaveBeenCalledTimes(4)
  })

  it('is in the answer with its stack also while another caller waits for it', async () => {
    const { work, fail } = heldFunction()
    const rain = open()
    const call = rain.cached({ name: 'f', asyncTimeout: '5s' })(work)
    const { ref } = await call(1, { asyncTimeout: 0 })
    const waiting = call(1).catch((error: Error) => error.stack)
    fail(new Error('no'))
    const stack = await waiting
    expect(stack).toContain('Error: no')
    expect(await rain.poll(ref)).toMatchObject({ error: { stack, attempts: [{ error: { stack } }] } })
  })

  it('may throw what is no error', async () => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', retries: 1, retryDelay: 0 })(() =>
      Promise.reject('text'),
    )
    await expect(call()).rejects.toBe('text')
    await rain.close()
  })
})

describe('a task whose function', () => {
  it.each([0, 1])('throws what cannot be read has failed, with %i retries', async (retries) => {
    const read = () => {
      throw new Error('read')
    }
    const thrown = new Proxy(new Error('no'), { get: read, getPrototypeOf: read, ownKeys: read })
    const rain = open()
    const call = rain.cached({ name: 'f', asyncTimeout: '5s', retries, retryDelay: 0 })(async () => {
      throw thrown
    })
    // In a list: a promise looks for the `then` of what it resolves to.
    const errors = await call().then(
      () => [],
      (rejected: unknown) => [rejected],
    )
    expect(errors[0] === thrown).toBe(true)
    const { tasks } = await rain.list()
    expect(tasks).toMatchObject([{ status: 'failed' }])
  })

  it('throws an error without a stack has that error, without one', async () => {
    const rain = open()
    const bare = Object.assign(new Error('no'), { code: 5 })
    delete bare.stack
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(() => Promise.reject(bare))()
    const answer = await rain.poll(ref, { wait: '5s' })
    expect(answer.status === 'failed' && answer.error).toEqual({
      ...{ name: 'Error', message: 'no', code: '5' },
      attempts: [{ error: { name: 'Error', message: 'no', code: '5' }, at: expect.any(Number) }],
    })
  })

  it('is not in its module fails, and the error names both', async () => {
    const url = new URL('../../fixtures/pool-work.mjs', import.meta.url)
    const call = open().cached({ name: 'f', asyncTimeout: '5s' })(fromModule(url, 'nonsense' as never))
    await expect((call as () => Promise<unknown>)()).rejects.toMatchObject({
      name: 'TypeError',
      message: `${url} exports no function named 'nonsense'`,
    })
  })
})

describe('a backend of one’s own', () => {
  it('that throws instead of rejecting fails the task by its error, and holds up no other', async () => {
    const thrown = new RangeError('no such worker')
    const run = () => {
      throw thrown
    }
    const rain = open()
    const backend = { ...inProcess({ concurrency: 1 }), run }
    const broken = rain.cached({ name: 'broken', asyncTimeout: '5s', backend })(async () => 1)
    await expect(broken()).rejects.toBe(thrown)
    expect(await rain.cached({ name: 'f', asyncTimeout: '5s' })(async () => 1)()).toMatchObject({ value: 1 })
  })
})

describe('timeout', () => {
  it('counts from the first start, aborts the signal, and frees key and slot', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const signals: AbortSignal[] = []
    const { work, runs } = heldFunction<string>()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h', timeout: '10s' })((input: string, task) => {
      signals.push(task.signal)
      return work(input)
    })
    const abandoned = vi.fn()
    rain.on('abandoned', abandoned)
    const first = call('a').catch((error: unknown) => error)
    await pass(10_000)
    const error = (await first) as RaincheckError
    expect(error).toMatchObject({ name: 'RaincheckError', code: 'TIMEOUT' })
    expect(signals[0]?.reason).toBe(error)
    expect(rain.queue.stats()).toMatchObject({ running: 0, abandoned: 1 })
    expect(abandoned).toHaveBeenCalledOnce()
    void call('a').catch(() => {})
    await pass(0)
    expect(runs).toEqual(['a', 'a'])
  })

  it('a result that comes after it changes nothing', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0, timeout: '1s', ttl: '1h' })(work)(1)
    await pass(1_000)
    const settled = await rain.poll(ref)
    letGo('too late')
    await pass(1_000)
    expect(settled).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT' } })
    expect(await rain.poll(ref)).toEqual(settled)
    expect(rain.queue.stats().abandoned).toBe(0)
  })

  it('covers all attempts and the rests between them', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const work = vi.fn(() => Promise.reject(new Error('again')))
    const options = { name: 'f', asyncTimeout: '1h', timeout: '5s', retries: 100, retryDelay: '1s' } as const
    const call = rain.cached(options)(work)()
    const caught = call.catch((error: RaincheckError) => error.code)
    await pass(5_000)
    expect(await caught).toBe('TIMEOUT')
    const attempts = work.mock.calls.length
    await pass(10 ** 6)
    expect(work).toHaveBeenCalledTimes(attempts)
  })
})

describe('input', () => {
  it('output that does not fit fails the task for good', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async () => ({ n: 'x' }) as unknown as { n: number })
    const call = rain.cached({
      name: 'f',
      asyncTimeout: '1s',
      retries: 3,
      output: z.object({ n: z.number() }),
    })(work)
    await expect(call()).rejects.toMatchObject({
      code: 'INVALID_VALUE',
      message: expect.stringContaining('value.n'),
    })
    expect(work).toHaveBeenCalledOnce()
    await rain.close()
  })
})

describe('retries', () => {
  it('wait longer each time, give the slot back meanwhile, and end with the first success', async () => {
    useFakeTime()
    const rain = createRaincheck({ concurrency: 1 })
    const { work, runs, fail, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1h', retries: 2, retryDelay: '1s' })(work)('flaky')
    const other = rain.cached({ name: 'other', asyncTimeout: '1h' })(async () => 'meanwhile')
    await pass(0)
    fail(new Error('one'))
    await pass(0)
    expect(await other.value()).toBe('meanwhile')
    await pass(999)
    expect(runs).toHaveLength(1)
    await pass(1_001)
    expect(runs).toHaveLength(2)
    fail(new Error('two'))
    await pass(1_999)
    expect(runs).toHaveLength(2)
    await pass(2_001)
    expect(runs).toHaveLength(3)
    letGo('three')
    expect(await call).toMatchObject({ status: 'complete', value: 'three' })
  })

  it.each([
    ['a TypeError', () => new TypeError('x is not a function')],
    ['a ReferenceError', () => new ReferenceError('x is not defined')],
    ['a NonRetryableError', () => new NonRetryableError('for good')],
  ])('never follow %s', async (_, make) => {
    const rain = createRaincheck()
    const work = vi.fn(() => Promise.reject(make()))
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', retries: 5, retryDelay: 0 })(work)
    await expect(call()).rejects.toThrow(make().message)
    expect(work).toHaveBeenCalledOnce()
    await rain.close()
  })

  it('follow what retryIf accepts, and as often as the call says', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async (text: string) => Promise.reject(new Error(text)))
    const retryIf = (error: unknown) => (error as Error).message === 'busy'
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', retries: 1, retryDelay: 0, retryIf })(work)
    await expect(call('wrong')).rejects.toThrow('wrong')
    expect(work).toHaveBeenCalledTimes(1)
    await expect(call('busy', { retries: 3 })).rejects.toThrow('busy')
    expect(work).toHaveBeenCalledTimes(5)
    await rain.close()
  })
})
