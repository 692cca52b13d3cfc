import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'

/** As a program without types calls it. */
type Loose = (...args: unknown[]) => unknown

const method = async () => 1
const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'INVALID_OPTION',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe('decorator syntax', () => {
  const context = { kind: 'method', name: 'mul', static: false, private: false, metadata: {} }
  class Service {}
  const forms: [string, unknown[]][] = [
    ['of the standard', [method, context]],
    ['of the standard, on a field', [undefined, { ...context, kind: 'field' }]],
    ['of TypeScript before', [Service.prototype, 'mul', { value: method, writable: true }]],
    ['of TypeScript before, on a static method', [Service, 'mul', { value: method }]],
    ['of TypeScript before, on a property', [Service.prototype, 'mul', undefined]],
  ]

  it.each(forms)('%s is refused at once, by an error that shows what to write', (_, args) => {
    const rain = createRaincheck()
    const made = rain.cached({ asyncTimeout: '1s', ttl: '1m' }) as Loose
    for (const decorate of [made, ...(args[0] === undefined ? [] : [rain.cached as Loose])]) {
      const error = thrownBy(() => decorate(...args))
      expect(error).toEqual(
        refusal(/^@rain\.cached cannot decorate mul: .*wrap it for each object instead:\n\n/),
      )
      expect((error as Error).message).toContain(
        "this.mul = rain.cached({ name: 'mul', asyncTimeout: '5s', instance: tenant })((input: { month: string }) => this.#load(input))",
      )
    }
    rain.cached({ name: 'mul', asyncTimeout: '1s' })(method)
  })

  it('is no name for functions that are wrapped in a row', async () => {
    const rain = createRaincheck()
    async function one() {
      return 1
    }
    async function two() {
      return 2
    }
    const wrap = rain.cached({ asyncTimeout: '1s' }) as unknown as (fn: () => Promise<number>) => typeof one
    const wrapped = [one, two].map(wrap)
    expect(wrapped.map(({ name }) => name)).toEqual(['one', 'two'])
  })
})

describe('cached', () => {
  it('refuses the function beside its options, or instead of them', () => {
    const cached = createRaincheck().cached as Loose
    expect(thrownBy(() => cached({ asyncTimeout: '1s' }, method))).toEqual(
      refusal(
        'cached takes the options alone, got the function, too; write cached(options)(fn) instead of cached(options, fn)',
      ),
    )
    expect(thrownBy(() => cached(method))).toEqual(
      refusal("cached takes options, got a function; write cached({ asyncTimeout: '5s' })(fn)"),
    )
  })
})

describe('a wrapped function', () => {
  const add = createRaincheck().cached({ name: 'add', asyncTimeout: '1s', ttl: '1h' })(async (n: number) => n)
  const { value, peek, forget } = add as unknown as Record<string, Loose>
  const forms: [string, Loose | undefined][] = [
    ['a call', add as Loose],
    ['value', value],
    ['peek', peek],
    ['forget', forget],
  ]

  it.each(forms)('refuses more than one argument and options, by %s', async (_, call) => {
    await expect(call?.(1, 2)).rejects.toEqual(
      refusal(
        'add takes one input, and the options of a call after it, got 2 arguments; put what the function needs into one object: add({ … })',
      ),
    )
    for (const more of [[null], ['a'], [[2]], [{}, 3], [undefined, undefined, 4]])
      await expect(call?.(1, ...more)).rejects.toEqual(refusal(/^add takes one input/))
  })

  it.each(forms)('refuses what an array’s map gives, and says what to write, by %s', async (_, call) => {
    await expect(Promise.all([1, 2].map(call as Loose))).rejects.toEqual(
      refusal(
        "add takes one input, and got what an array's map gives: item, index and array; write map((item) => add(item))",
      ),
    )
    expect(await Promise.all([1, 2].map((item) => add(item)))).toMatchObject([{ value: 1 }, { value: 2 }])
  })
})
