import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { inProcess } from '../../../src/backends/in-process/in-process.js'
import { createRaincheck, fromModule, type RaincheckOptions, type TaskHandle } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

function open(options: RaincheckOptions = {}) {
  const rain = createRaincheck(options)
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

describe('a task whose function', () => {
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

  it('R10: asks after it was cancelled is told so, and the end stays as it is', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const asked = vi.fn()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async (n: number, task: TaskHandle) => {
      await work(n)
      return task.ask('colour', 'Which?').catch(asked)
    })
    const { ref } = await call(1)
    await pass(0)
    await rain.cancel(ref)
    const settled = await rain.poll(ref)
    letGo('on with it')
    await pass(1_000)
    expect(asked).toHaveBeenCalledWith(expect.objectContaining({ code: 'CANCELLED' }))
    expect(await rain.poll(ref)).toEqual(settled)
    expect(settled).not.toHaveProperty('requests')
  })
})

describe('R4: a backend of one’s own', () => {
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

describe('R6: an input', () => {
  it('whose schema tells the wrong field by an object is refused with its name', async () => {
    const issues = [{ message: 'too long', path: ['names', { key: 2 }, { key: 'first' }] }]
    const schema = { '~standard': { version: 1 as const, vendor: 'mine', validate: () => ({ issues }) } }
    const call = open().cached({ name: 'f', asyncTimeout: 0, input: schema })(async () => 1)
    await expect(call({})).rejects.toThrow('f was called with a wrong input: input.names.2.first: too long')
  })

  it('that throws when it is read rejects the call with its own error', async () => {
    const own = new Error('not loaded yet')
    const input = {
      get lazy() {
        throw own
      },
    }
    const call = open().cached({ name: 'f', asyncTimeout: 0 })(async (_: object) => 1)
    await expect(call(input)).rejects.toBe(own)
  })

  it.each([
    [{ a: 1, b: [1, { c: [] }, { d: () => 1 }] }, 'input.b[2].d is a function'],
    [
      new Map<string, unknown>([['a', 1]]).set('b', new Set(['x', Symbol('s')])),
      'input[1][1][1] is a symbol',
    ],
  ])('is refused with the place of what has no key: %o', async (input, message) => {
    const call = open().cached({ name: 'f', asyncTimeout: 0 })(async (_: object) => 1)
    await expect(call(input)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    })
  })
})

describe('a caller’s signal', () => {
  it('that `check` itself aborts ends the call before there is a task', async () => {
    const rain = open()
    const controller = new AbortController()
    const work = vi.fn(async () => 1)
    const check = async () => controller.abort(new Error('enough'))
    const call = rain.cached({ name: 'f', asyncTimeout: 0, check })(work)
    await expect(call(undefined, { signal: controller.signal })).rejects.toThrow('enough')
    expect(await rain.list()).toEqual({ tasks: [] })
    expect(work).not.toHaveBeenCalled()
  })
})

describe('tasks in memory', () => {
  it('R11: forgetting a failed one leaves the key the value that is still fresh', async () => {
    const rain = open({ maxEntries: 1 })
    let fails = false
    const call = rain.cached({ name: 'f', asyncTimeout: '5s', ttl: '1h' })(async (n: number) => {
      if (fails) throw new Error('no')
      return { n }
    })
    const first = await call(1)
    fails = true
    await expect(call(1, { refresh: true })).rejects.toThrow('no')
    const [failed] = (await rain.list({ status: 'failed' })).tasks
    await rain.forget(failed?.ref as never)
    fails = false
    // So that the value is not answered by what this process remembers of its last calls.
    await call(2)
    expect(await call(1)).toMatchObject({ value: { n: 1 }, ref: first.ref })
  })

  it('that are live are removed by nothing, however many there are', async () => {
    const rain = open({ maxEntries: 1 })
    const { work } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(work)
    const refs = [(await call(1)).ref, (await call(2)).ref, (await call(3)).ref]
    expect(await rain.prune({ olderThan: 0 })).toBe(0)
    for (const ref of refs) expect((await rain.poll(ref)).status).toMatch(/pending|processing/)
  })
})
