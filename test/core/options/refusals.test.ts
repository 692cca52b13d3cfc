import { describe, expect, it } from 'vitest'
import {
  createRaincheck,
  fromModule,
  processPool,
  type RaincheckOptions,
  type Ref,
} from '../../../src/index.js'

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(message) })

describe('a wrong option of createRaincheck is refused, with its name, what is expected and what came', () => {
  const cases: [unknown, RegExp][] = [
    [{ store: 'mysql://x' }, /^store must be 'sqlite'.* got 'mysql:\/\/x'/],
    [{ store: 5 }, /^store must be .* got 5/],
    [{ app: '' }, /^app must be a text that is not empty, got ''/],
    [{ concurrency: 0 }, /^concurrency must be a whole number of 1 or more, got 0/],
    [{ concurrency: 1.5 }, /^concurrency must be .* got 1.5/],
    [{ perScope: '2' }, /^perScope must be .* got '2'/],
    [{ rateLimit: 10 }, /^rateLimit must be an object .* got 10/],
    [{ rateLimit: { starts: 0, per: '1s' } }, /^rateLimit\.starts must be .* got 0/],
    [{ rateLimit: { starts: 1, per: 0 } }, /^rateLimit\.per must be .* got 0/],
    [{ retention: 'long' }, /^retention must be .* got 'long'/],
    [{ maxEntries: -1 }, /^maxEntries must be .* got -1/],
    [{ memoryTtl: -1 }, /^memoryTtl must be .* got -1/],
    [{ serializer: {} }, /^serializer must be .* got an object/],
    [{ backend: 'pool' }, /^backend must be .* got 'pool'/],
    [
      { backend: processPool(), concurrency: 2 },
      /^concurrency must be left out with the process-pool backend/,
    ],
    [{ concurency: 2 }, /^there is no option 'concurency'; known are .*concurrency/],
    [null, /^options must be an object, got null$/],
    [['redis://x'], /^options must be an object, got an array$/],
    [{ store: `mysql://${'x'.repeat(99)}` }, /got 'mysql:\/\/x{52}…'$/],
  ]

  it.each(cases)('%o', (options, message) => {
    expect(() => createRaincheck(options as RaincheckOptions)).toThrow(refusal(message))
  })

  it('a limit that the backend cannot keep', () => {
    const backend = { ...processPool(), capabilities: { ...processPool().capabilities, perScope: false } }
    expect(() => createRaincheck({ backend, perScope: 1 })).toThrow(
      refusal(/^perScope must be left out: the process-pool backend cannot keep it/),
    )
  })
})

describe('what is wrong of', () => {
  const methods = { limit() {}, setPriority() {}, stats() {}, pause() {}, resume() {}, close() {} }

  it.each<[string, object, RegExp]>([
    [
      'a backend without methods',
      { backend: { run() {}, capabilities: {} } },
      /^backend must be .*all methods/,
    ],
    ['a backend without capabilities', { backend: { ...methods, run() {} } }, /^backend must be/],
    ['a rate limit', { rateLimit: { starts: 1, per: '1s', burst: 5 } }, /^there is no option 'burst'/],
  ])('%s', (_, options, message) => {
    expect(() => createRaincheck(options)).toThrow(refusal(message))
  })

  it('a scope', () => {
    expect(() => createRaincheck().scope(5 as never)).toThrow(refusal(/^scope must be a text, got 5/))
  })

  it('a priority, whosever the task is', () => {
    const { queue } = createRaincheck()
    const ref = `rc_${'0'.repeat(22)}` as Ref
    expect(() => queue.setPriority(ref, Number.NaN)).toThrow(refusal(/^priority must be a finite number/))
    expect(() => queue.setPriority(ref, 1)).not.toThrow()
  })

  it('a listener', () => {
    const rain = createRaincheck()
    expect(() => rain.on('done' as 'complete', () => {})).toThrow(refusal(/^event must be one of hit, miss/))
    expect(() => rain.on('complete', 'log' as never)).toThrow(refusal(/^listener must be a function/))
  })
})

describe('a wrong option of cached is refused', () => {
  const cases: [object, RegExp][] = [
    [{}, /^asyncTimeout must be milliseconds/],
    [{ asyncTimeout: 'soon' }, /^asyncTimeout must be .* got 'soon'/],
    [{ timeout: -1 }, /^timeout must be .* got -1/],
    [{ ttl: 'x' }, /^ttl must be/],
    [{ errorTtl: {} }, /^errorTtl must be .* got an object/],
    [{ grace: Number.NaN }, /^grace must be .* got NaN/],
    [{ name: ' ' }, /^name must be a text that is not empty/],
    [{ version: 2 }, /^version must be .* got 2/],
    [{ retries: -1 }, /^retries must be a whole number of 0 or more, got -1/],
    [{ retryDelay: 'x' }, /^retryDelay must be/],
    [{ retryIf: true }, /^retryIf must be a function, got true/],
    [{ input: {} }, /^input must be a zod schema .* got an object/],
    [{ output: 'text' }, /^output must be a zod schema .* got 'text'/],
    [{ check: 1 }, /^check must be a function, got 1/],
    [{ key: 'id' }, /^key must be a function, got 'id'/],
    [{ title: 'x' }, /^title must be a function/],
    [{ priority: Number.POSITIVE_INFINITY }, /^priority must be a finite number, got Infinity/],
    [{ tll: 5 }, /^there is no option 'tll'; known are /],
  ]

  it.each(cases)('%o', (options, message) => {
    const all = {
      name: 'f',
      ...('asyncTimeout' in options || Object.keys(options).length === 0 ? {} : { asyncTimeout: 0 }),
      ...options,
    }
    const wrap = createRaincheck().cached(all as { asyncTimeout: 0 })
    expect(() => wrap(async () => 1)).toThrow(refusal(message))
  })

  it('a function without a name, one that is none, and a second of the same identity', () => {
    const rain = createRaincheck()
    expect(() => rain.cached('5s')(async () => 1)).toThrow(
      refusal(/^name must be a text that is not empty \(the wrapped function has no name\)/),
    )
    expect(() => rain.cached({ name: 'f', asyncTimeout: 0 })('fn' as never)).toThrow(
      refusal(/fn must be a function, got 'fn'/),
    )
    async function twice() {}
    rain.cached('5s')(twice)
    expect(() => rain.cached('5s')(twice)).toThrow(refusal(/^name must be unique: 'twice'/))
    rain.cached({ asyncTimeout: 0, version: '2' })(twice)
  })

  it('a closure on the process pool, which only a module can give it', () => {
    const rain = createRaincheck({ backend: processPool() })
    expect(() => rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 1)).toThrow(
      refusal(/process-pool backend must be a function made by fromModule/),
    )
    rain.cached({ name: 'g', asyncTimeout: 0 })(fromModule(new URL('file:///a.js'), 'g' as never))
  })
})

describe('a wrong option of a call is refused', () => {
  it.each([
    [{ scope: 5 }, /^scope must be a text, got 5/],
    [{ asyncTimeout: 'x' }, /^asyncTimeout must be/],
    [{ priority: 'high' }, /^priority must be a finite number, got 'high'/],
    [{ retries: 0.5 }, /^retries must be/],
    [{ refesh: true }, /^there is no option 'refesh'/],
  ])('%o', async (options, message) => {
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: 0 })(async () => 1)
    await expect(call(undefined, options as object)).rejects.toThrow(refusal(message))
  })

  it.each([
    ['poll', { wait: 'x' }, /^wait must be/],
    ['list', { limit: 0 }, /^limit must be/],
    ['list', { limit: 1_001 }, /^limit must be at most 1,000/],
    ['list', { status: 'done' }, /^status must be one of pending, processing/],
    ['list', { cursor: 'x' }, /^cursor must be one that a list gave, got 'x'/],
    ['prune', { olderThan: 'x' }, /^olderThan must be/],
    ['close', { drain: -5 }, /^drain must be/],
    ['list', 'all', /^options must be an object, got 'all'/],
  ] as const)('%s %o', async (method, options, message) => {
    const rain = createRaincheck()
    const args = method === 'poll' ? [`rc_${'0'.repeat(22)}`, options] : [options]
    await expect(Reflect.apply(rain[method], rain, args)).rejects.toThrow(refusal(message))
  })
})

describe('a wrong option of a call', () => {
  it.each([
    ['signal', { signal: 'stop' }, "'stop'"],
    ['onProgress', { onProgress: 'tell' }, "'tell'"],
    ['refresh', { refresh: 'yes' }, "'yes'"],
  ])('%s is refused, with its name and what came', async (option, options, came) => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: 0 })(async () => 1)
    await expect(call(undefined, options as object)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(new RegExp(`^${option} must be .* got ${came}`)),
    })
    await rain.close()
  })

  it('a backend that is none is refused by cached, with what is expected', () => {
    const wrap = createRaincheck().cached({ name: 'f', asyncTimeout: 0, backend: 'pool' as never })
    expect(() => wrap(async () => 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringMatching(/^backend must be/) }),
    )
  })
})
