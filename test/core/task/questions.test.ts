import { describe, expect, it, vi } from 'vitest'
import type { Ref, TaskHandle } from '../../../src/index.js'
import { openAsking, type Run, wrapOrder } from '../../support/orders.js'

describe.each(['memory', 'sqlite'] as const)('a task that asks, store in %s', (kind) => {
  it('answers its caller at once with the request, holds no slot, and goes on with each answer', async () => {
    const { rain } = await openAsking(kind)
    const runs: Run[] = []
    const order = wrapOrder(rain, runs)
    const asked = await order('shirt')
    expect(asked).toMatchObject({
      status: 'pending',
      requests: { colour: { message: 'Which colour has the shirt?' } },
    })
    await vi.waitFor(
      () => expect(rain.queue.stats()).toMatchObject({ running: 0, waiting: 0, abandoned: 0 }),
      20_000,
    )
    await rain.answer(asked.ref, { colour: 'red' })
    const next = await rain.poll(asked.ref, { wait: '20s' })
    expect(next).toMatchObject({ status: 'pending', requests: { size: { message: 'Which size?' } } })
    await rain.answer(asked.ref, { size: 42 })
    const done = await rain.poll(asked.ref, { wait: '20s' })
    expect(done).toMatchObject({ status: 'complete', value: 'shirt: red, 42', ref: asked.ref })
    expect(runs.map(({ answers }) => answers)).toEqual([[], ['red'], ['red', 42]])
    expect(await order('shirt')).toMatchObject({ status: 'complete', value: 'shirt: red, 42' })
  })

  it('has not failed by asking: no retry is told, and `retryIf` is not asked', async () => {
    const { rain } = await openAsking(kind)
    const retryIf = vi.fn(() => true)
    const retries: unknown[] = []
    rain.on('retry', (event) => retries.push(event))
    const options = { asyncTimeout: '5s', retries: 2, retryDelay: 1, retryIf } as const
    const choose = rain.cached({ ...options, name: 'choose' })(async (_: null, task: TaskHandle) => {
      const colour = await task.ask('colour', 'Which colour?')
      if (task.attempt === 1) throw new Error('sold out')
      return colour
    })
    const { ref } = await choose(null)
    await rain.answer(ref, { colour: 'red' })
    expect(await rain.poll(ref, { wait: '20s' })).toMatchObject({ status: 'complete', value: 'red' })
    expect(retries).toEqual([
      expect.objectContaining({ attempt: 1, error: expect.objectContaining({ message: 'sold out' }) }),
    ])
    expect(new Set(retryIf.mock.calls.flat().map(String))).toEqual(new Set(['Error: sold out']))
  })

  it('is one task for equal calls, and a poll that waits ends at the request', async () => {
    const { rain } = await openAsking(kind)
    const order = wrapOrder(rain)
    const [one, other] = await Promise.all([order('coat'), order('coat')])
    const later = await order('coat')
    expect(new Set([one.ref, other.ref, later.ref]).size).toBe(1)
    expect(later).toMatchObject({ status: 'pending', requests: { colour: {} } })
    expect(await rain.poll(one.ref, { wait: '1h' })).toMatchObject({ requests: { colour: {} } })
  })

  it('keeps a caller who never stops waiting until the end', async () => {
    const { rain } = await openAsking(kind)
    const order = wrapOrder(rain)
    const asked = new Promise<string>((resolve) => {
      const stop = rain.on('ask', ({ ref }) => {
        stop()
        resolve(ref)
      })
    })
    const value = order.value('hat')
    const ref = (await asked) as Parameters<typeof rain.answer>[0]
    await rain.answer(ref, { colour: 'black', size: 'unasked for, so passed over' })
    expect(await rain.poll(ref, { wait: '20s' })).toMatchObject({ requests: { size: {} } })
    await rain.answer(ref, { size: 58 })
    expect(await value).toBe('hat: black, 58')
  })

  it('refuses answers that nobody waits for, and what is no JSON', async () => {
    const { rain } = await openAsking(kind)
    const order = wrapOrder(rain)
    const { ref } = await order('sock')
    await expect(rain.answer(ref, { colr: 'red' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('waits for an answer to: colour; colr was given'),
    })
    await expect(rain.answer(ref, {})).rejects.toThrow('waits for an answer to: colour; nothing was given')
    await expect(rain.answer(ref, { colour: 1n })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(rain.scope('other').answer(ref, { colour: 'red' })).rejects.toMatchObject({
      code: 'REF_NOT_FOUND',
    })
    await rain.cancel(ref)
    await expect(rain.answer(ref, { colour: 'red' })).rejects.toMatchObject({
      message: expect.stringContaining('waits for no answer'),
    })
  })

  it('can be cancelled while it waits, and its key is free', async () => {
    const { rain } = await openAsking(kind)
    const order = wrapOrder(rain)
    const { ref } = await order('belt')
    expect(await rain.cancel(ref)).toBe('cancelled')
    expect((await rain.poll(ref)).status).toBe('cancelled')
    const again = await order('belt')
    expect(again.ref).not.toBe(ref)
  })

  it('fails when its function may not be run again', async () => {
    const { rain } = await openAsking(kind)
    const once = rain.cached({ name: 'once', asyncTimeout: '5s', resume: false })(
      async (_: string, task: TaskHandle) => task.ask('a', 'b'),
    )
    await expect(once('x')).rejects.toMatchObject({ code: 'INVALID_INPUT', message: /`resume` is false/ })
    const unstorable = rain.cached({ name: 'unstorable', asyncTimeout: '5s', key: () => 'k' })(
      async (_: { f: unknown }, task: TaskHandle) => task.ask('a', 'b'),
    )
    await expect(unstorable({ f: () => {} })).rejects.toThrow('its input cannot be stored')
  })

  it.each([
    ['', "''"],
    [5, '5'],
  ])('fails when its function asks under %j, which is no key', async (key, told) => {
    const { rain } = await openAsking(kind)
    const unnamed = rain.cached({ name: 'unnamed', asyncTimeout: '5s' })(
      async (_: string, task: TaskHandle) => task.ask(key as never, 'Which?'),
    )
    await expect(unnamed('x')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: `task.ask needs a key, a text that is not empty, got ${told}`,
    })
  })

  it('takes the answers of two who answer at once, each to another question', async () => {
    const { rain } = await openAsking(kind)
    const both = rain.cached({ name: 'both', asyncTimeout: '5s' })(async (_: string, task: TaskHandle) =>
      Promise.all([task.ask('colour', 'Which?'), task.ask('size', 'How large?')]),
    )
    const { ref } = await both('x')
    await Promise.all([rain.answer(ref, { colour: 'red' }), rain.answer(ref, { size: 42 })])
    expect(await rain.poll(ref, { wait: '20s' })).toMatchObject({ status: 'complete', value: ['red', 42] })
  })

  it('can be given up by who knows that nobody will answer, and what is not there is passed over', async () => {
    const { rain } = await openAsking(kind)
    const { ref } = await wrapOrder(rain)('glove')
    await rain.giveUp(ref, 'the shop has closed')
    await rain.giveUp(`rc_${'0'.repeat(22)}` as Ref, 'the shop has closed')
    expect(await rain.poll(ref)).toMatchObject({
      status: 'failed',
      error: { code: 'INTERRUPTED', message: 'the shop has closed' },
    })
  })

  it('is not ended by a function that catches what `ask` rejects with', async () => {
    const { rain } = await openAsking(kind)
    const stubborn = rain.cached({ name: 'stubborn', asyncTimeout: '5s' })(
      async (_: string, task: TaskHandle) => task.ask('a', 'b').catch(() => 'caught'),
    )
    const { ref } = await stubborn('x')
    await rain.answer(ref, { a: 'told' })
    expect(await rain.poll(ref, { wait: '20s' })).toMatchObject({ status: 'complete', value: 'told' })
  })

  it('shows what it asks in lists', async () => {
    const { rain } = await openAsking(kind)
    const { ref } = await wrapOrder(rain)('scarf')
    expect((await rain.list({ status: 'pending' })).tasks).toMatchObject([{ ref, requests: { colour: {} } }])
  })
})
