import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createRaincheck, type RaincheckOptions } from '../../../src/index.js'

function open(options: RaincheckOptions = {}) {
  const rain = createRaincheck(options)
  onTestFinished(() => rain.close({ drain: 0 }))
  return rain
}

describe('input', () => {
  it('is parsed once, and the parsed input is what key and function get', async () => {
    const rain = createRaincheck()
    const transform = vi.fn((text: string) => text.trim())
    const work = vi.fn(async ({ text, times }: { text: string; times: number }) => text.repeat(times))
    const input = z.object({ text: z.string().transform(transform), times: z.coerce.number().default(2) })
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', input })(work)
    expect(await call.value({ text: ' ab ' })).toBe('abab')
    expect(transform).toHaveBeenCalledOnce()
    expect(await call.value({ text: 'ab', times: '2' })).toBe('abab')
    expect(work).toHaveBeenCalledOnce()
    await rain.close()
  })

  it('that is wrong is refused with field and reason, before any task exists', async () => {
    const rain = createRaincheck()
    const work = vi.fn(async () => 1)
    const call = rain.cached({
      name: 'f',
      asyncTimeout: 0,
      input: z.object({ deep: z.object({ n: z.number() }) }),
    })(work)
    const wrong = { deep: { n: 'x' } } as unknown as { deep: { n: number } }
    await expect(call(wrong)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/input\.deep\.n: .*number/),
    })
    expect(await rain.list()).toEqual({ tasks: [] })
    expect(work).not.toHaveBeenCalled()
    await rain.close()
  })

  it('check refuses a call before any task exists, with its own error', async () => {
    const rain = createRaincheck()
    const refusal = new Error('not for you')
    const call = rain.cached({ name: 'f', asyncTimeout: 0, check: async () => Promise.reject(refusal) })(
      async () => 1,
    )
    await expect(call()).rejects.toBe(refusal)
    expect(await rain.list()).toEqual({ tasks: [] })
    await rain.close()
  })
})

describe('an input', () => {
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
