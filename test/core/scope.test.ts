import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../support/rain.js'

describe('scopes', () => {
  it('share no value and no run for equal inputs', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const work = vi.fn(async (_: string, task: { scope: string }) => task.scope)
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1h' })(work)
    const scopes = ['', 'alice', 'bob', 'alice ', '"']
    const live = await Promise.all(scopes.map((scope) => call('same', { scope })))
    expect(live.map((answer) => 'value' in answer && answer.value)).toEqual(scopes)
    const hits = await Promise.all(scopes.map((scope) => call('same', { scope })))
    expect(hits).toEqual(live)
    expect(work).toHaveBeenCalledTimes(scopes.length)
    expect(new Set(live.map(({ ref }) => ref)).size).toBe(scopes.length)
  })

  it('a live task of another scope is unknown to every method, and stays as it is', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1, { scope: 'alice' })
    const bob = rain.scope('bob')
    for (const method of ['poll', 'cancel', 'retry', 'forget'] as const) {
      await expect(bob[method](ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
      await expect(rain[method](ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    }
    expect((await bob.list()).tasks).toEqual([])
    letGo('hers')
    await pass(0)
    expect(await rain.scope('alice').poll(ref)).toMatchObject({ status: 'complete', value: 'hers' })
  })

  it('a poll that waits on a foreign ref learns nothing by its time', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(heldFunction().work)(1, { scope: 'a' })
    const settled = vi.fn()
    rain.poll(ref, { wait: '25s' }).catch(settled)
    rain.poll(`rc_${'0'.repeat(22)}`, { wait: '25s' }).catch(settled)
    await pass(0)
    expect(settled).toHaveBeenCalledTimes(2)
  })

  it('a retry stays in the scope of its task', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, fail, letGo } = heldFunction()
    const { ref } = await rain.cached({ name: 'f', asyncTimeout: 0 })(work)(1, { scope: 'alice' })
    await pass(0)
    fail(new Error('no'))
    await pass(0)
    const again = await rain.scope('alice').retry(ref)
    await pass(0)
    letGo('yes')
    await pass(0)
    await expect(rain.poll(again.ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    expect(await rain.scope('alice').poll(again.ref)).toMatchObject({ value: 'yes' })
  })
})
