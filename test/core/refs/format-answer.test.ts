import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck, formatAnswer } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('formatAnswer', () => {
  it('minimal tells status, ref and value', async () => {
    const rain = createRaincheck()
    const answer = await rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => [1])()
    expect(formatAnswer(answer, 'minimal')).toEqual({ status: 'complete', ref: answer.ref, value: [1] })
    await rain.close()
  })

  it('standard adds name, title, times and the next poll, without ETA; full adds ETA', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })((_: number, task) => {
      setTimeout(() => task.progress({ current: 1, total: 4, details: 'much' }), 1_000)
      return heldFunction().work(1)
    })(1)
    await pass(1_000)
    const answer = await rain.poll(ref)
    expect(formatAnswer(answer, 'standard')).toEqual({
      ...{ status: 'processing', ref, name: 'f', title: 'f', pollAfterMs: 3_000 },
      ...{ createdAt: expect.any(Number), startedAt: expect.any(Number) },
      progress: { current: 1, total: 4, percentage: 25 },
    })
    expect(formatAnswer(answer, 'full').progress).toEqual({
      ...{ current: 1, total: 4, percentage: 25 },
      ...{ etaMs: 3_000, details: 'much' },
    })
  })

  it('full adds the attempts of a failure, and no level tells a stack or properties', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, fail } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    fail(Object.assign(new Error('no'), { sql: 'SELECT secret' }))
    await pass(0)
    const answer = await rain.poll(ref)
    expect(answer).toMatchObject({ error: { properties: { sql: 'SELECT secret' } } })
    expect(formatAnswer(answer, 'minimal')).toEqual({
      status: 'failed',
      ref,
      error: { name: 'Error', message: 'no' },
    })
    const full = formatAnswer(answer, 'full')
    expect(full.error?.attempts).toEqual([
      { error: { name: 'Error', message: 'no' }, at: expect.any(Number) },
    ])
    expect(full.retryable).toBe(true)
    expect(JSON.stringify(full)).not.toMatch(/stack|sql|secret/)
  })

  it('full adds the JSON Schema of the value, from the function’s output schema', async () => {
    const rain = createRaincheck()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', output: z.object({ n: z.number() }) })(
      async () => ({ n: 1 }),
    )
    const answer = await call()
    expect(formatAnswer(answer, 'full', call).valueSchema).toMatchObject({
      type: 'object',
      properties: { n: { type: 'number' } },
    })
    expect(formatAnswer(answer, 'standard', call)).not.toHaveProperty('valueSchema')
    await rain.close()
  })
})

describe('events', () => {
  it('tell the life of tasks', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const told: string[] = []
    const names = ['hit', 'miss', 'start', 'handoff', 'retry', 'complete', 'fail', 'cancel'] as const
    const stops = names.map((name) => rain.on(name, ({ title }) => told.push(`${name} ${title}`)))
    const { work, letGo, fail } = heldFunction<string>()
    const options = {
      name: 'f',
      asyncTimeout: 0,
      ttl: '1h',
      retries: 1,
      retryDelay: 1,
      title: (text: string) => text,
    } as const
    const call = rain.cached(options)(work)
    await call('a')
    fail(new Error('once'))
    await pass(10)
    letGo(1)
    await pass(0)
    await call('a')
    const b = await call('b')
    await rain.cancel(b.ref)
    await call('c', { retries: 0 })
    letGo('for b, too late')
    fail(new Error('for c'))
    await pass(0)
    expect(told).toEqual([
      ...['miss a', 'start a', 'handoff a', 'retry a', 'complete a', 'hit a'],
      ...['miss b', 'start b', 'handoff b', 'cancel b', 'miss c', 'start c', 'handoff c', 'fail c'],
    ])
    for (const stop of stops) stop()
    await call('a')
    expect(told).toHaveLength(14)
  })
})
