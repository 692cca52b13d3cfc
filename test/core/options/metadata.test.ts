import { describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck, formatAnswer } from '../../../src/index.js'
import { shared } from '../../support/failing-tasks.js'
import { processes } from '../../support/on-one-file.js'
import { heldFunction, pass, rainWith, useFakeTime } from '../../support/rain.js'

describe('metadata of a call', () => {
  it('is that of the first caller, through join, hit, poll and list', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction<number>()
    const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1h' })(work)
    const metadata = { user: 'ada' }
    const first = await call(1, { metadata })
    metadata.user = 'changed after the call'
    const own = { metadata: { user: 'ada' } }
    expect(first).toMatchObject(own)
    expect(await call(1, { metadata: 'of another' })).toMatchObject(own)
    letGo('value')
    await pass(0)
    for (const answer of [await call(1, { metadata: 2 }), await rain.poll(first.ref), await call.peek(1)])
      expect(answer).toMatchObject({ status: 'complete', ...own })
    expect((await rain.list()).tasks).toMatchObject([own])
    expect(await call(2)).not.toHaveProperty('metadata')
  })

  it('cannot be changed by those who get it, since they share it', async () => {
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(async () => 1)
    const { metadata } = await call(undefined, { metadata: { tags: ['a'] } })
    const { tags } = metadata as { tags: string[] }
    expect(() => tags.push('b')).toThrow(TypeError)
    expect(() => Object.assign(metadata as object, { user: 'eve' })).toThrow(TypeError)
    expect(await call()).toMatchObject({ metadata: { tags: ['a'] } })
  })

  it('goes on with a retry', async () => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => {
      throw new Error('no')
    })
    await call(undefined, { metadata: ['a'] }).catch(() => {})
    const [failed] = (await rain.list()).tasks
    expect(failed).toMatchObject({ status: 'failed', metadata: ['a'] })
    const again = await rain.retry(failed?.ref ?? '', { asyncTimeout: 0 })
    expect(again).toMatchObject({ metadata: ['a'] })
    expect(again.ref).not.toBe(failed?.ref)
  })

  it('goes on with a take-over, and is told with events', async () => {
    useFakeTime()
    const tasks = shared()
    const [one, other] = [rainWith({ tasks, place: '/a.js' }), rainWith({ tasks, place: '/a.js' })]
    const call = one.cached({ name: 'f', asyncTimeout: 0 })(heldFunction<void>().work)
    const events: unknown[] = []
    for (const name of ['miss', 'start', 'handoff'] as const)
      onTestFinished(one.on(name, (event) => events.push(event)))
    const { ref } = await call(undefined, { metadata: null })
    const facts = { ref, name: 'f', title: 'f', scope: '', metadata: null }
    expect(events).toEqual([facts, facts, facts])
    const closed = one.close({ drain: 0 })
    await pass(0)
    await closed
    other.cached({ name: 'f', asyncTimeout: 0 })(heldFunction<void>().work)
    expect(await other.recover()).toEqual([ref])
    expect(await other.poll(ref)).toMatchObject({ status: 'processing', metadata: null })
  })

  it('is seen by other processes on a file', async () => {
    const open = await processes()
    const call = open().cached({ name: 'f', asyncTimeout: '5s' })(async () => 1)
    const metadata = { text: 'ünïcödé', list: [1, null, true], absent: undefined }
    const { ref } = await call(undefined, { metadata })
    expect((await open().poll(ref)).metadata).toEqual({ text: 'ünïcödé', list: [1, null, true] })
  })

  it('is in a formatted answer but the minimal one', async () => {
    const answer = await createRaincheck().cached({ name: 'f', asyncTimeout: '1s' })(async () => 1)(
      undefined,
      { metadata: 'x' },
    )
    expect(formatAnswer(answer, 'minimal')).not.toHaveProperty('metadata')
    for (const format of ['standard', 'full'] as const)
      expect(formatAnswer(answer, format).metadata).toBe('x')
  })
})

describe('metadata that is refused', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  it.each([
    ['more than 4,096 bytes', 'é'.repeat(2_048), /^metadata must be at most 4096 bytes as JSON, got 4098; /],
    ['a function', () => 1, /^metadata must be JSON, got a function$/],
    ['a number that JSON lacks', { n: [Number.NaN] }, /^metadata\.n\[0\] must be JSON, got NaN$/],
    ['a big integer', { n: 1n }, /^metadata\.n must be JSON, got 1$/],
    [
      'an instance',
      { at: new Date(0) },
      /^metadata\.at must be JSON, got an instance of Date; give its text or its fields$/,
    ],
    ['a cycle', cycle, /contains itself or nests too deeply$/],
  ])('%s, before any work', async (_, metadata, message) => {
    let runs = 0
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '1s' })(async () => ++runs)
    const refused = { code: 'INVALID_OPTION', message: expect.stringMatching(message) }
    await expect(call(undefined, { metadata })).rejects.toMatchObject(refused)
    expect(runs).toBe(0)
  })

  it('4,096 bytes are taken', async () => {
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: '1s' })(async () => 1)
    const metadata = 'x'.repeat(4_094)
    expect((await call(undefined, { metadata })).metadata).toBe(metadata)
  })
})
