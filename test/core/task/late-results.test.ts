import { describe, expect, it, vi } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

/** A task that was handed off and runs, with what its function may still do. */
async function running(options: object = {}) {
  useFakeTime()
  const rain = createRaincheck()
  const { work, ...held } = heldFunction()
  let tell = (_: string) => {}
  const call = rain.cached({ name: 'f', asyncTimeout: 0, ttl: '1h', errorTtl: '1h', ...options })(
    (input: number, task) => {
      tell = (message) => task.progress({ message })
      return work(input)
    },
  )
  const { ref } = await call(1)
  await pass(0)
  return { rain, call, ref, tell: (message: string) => tell(message), ...held }
}

describe('R10: a settled task never changes', () => {
  it.each(['a value', 'an error'])('by %s that comes after a cancel', async (kind) => {
    const { rain, call, ref, runs, letGo, fail } = await running()
    await rain.cancel(ref)
    const settled = await rain.poll(ref)
    expect(settled.status).toBe('cancelled')
    if (kind === 'a value') letGo('too late')
    else fail(new Error('too late'))
    await pass(60_000)
    expect(await rain.poll(ref)).toEqual(settled)
    // Nor is what came too late the answer of its key.
    expect((await call(1)).ref).not.toBe(ref)
    await pass(0)
    expect(runs).toHaveLength(2)
  })

  it.each(['a cancel', 'a timeout'])(
    'by the end of work that %s was too soon for: one end is told',
    async (how) => {
      const { rain, ref, letGo } = await running({ timeout: '10s' })
      const told: string[] = []
      for (const event of ['complete', 'fail', 'cancel'] as const) rain.on(event, () => told.push(event))
      if (how === 'a cancel') await rain.cancel(ref)
      else await pass(10_000)
      letGo('too late')
      await pass(60_000)
      expect(told).toEqual([how === 'a cancel' ? 'cancel' : 'fail'])
    },
  )

  it('by progress that is told after its end, which no event tells either', async () => {
    const { rain, ref, tell, letGo } = await running()
    tell('half')
    letGo('value')
    await pass(1_000)
    const settled = await rain.poll(ref)
    const told = vi.fn()
    rain.on('progress', told)
    tell('more than all')
    await pass(1_000)
    expect(told).not.toHaveBeenCalled()
    expect(await rain.poll(ref)).toEqual(settled)
  })

  it('by a cancel, and says so', async () => {
    const { rain, ref, letGo } = await running()
    letGo('value')
    await pass(0)
    const settled = await rain.poll(ref)
    expect(await rain.cancel(ref)).toBe('already-settled')
    expect(await rain.poll(ref)).toEqual(settled)
    expect(settled).toMatchObject({ status: 'complete', value: 'value' })
  })

  it('by a timeout that would have come later', async () => {
    const { rain, ref, letGo } = await running({ timeout: '10s' })
    letGo('in time')
    await pass(0)
    const settled = await rain.poll(ref)
    await pass(20_000)
    expect(await rain.poll(ref)).toEqual(settled)
    expect(settled).toMatchObject({ status: 'complete', value: 'in time' })
  })

  it('by a late value of its first run, while the key has a new task: that one has its own', async () => {
    const { rain, call, ref, letGo } = await running()
    await rain.cancel(ref)
    const second = await call(1)
    await pass(0)
    letGo('of the first')
    await pass(0)
    expect((await rain.poll(second.ref)).status).toBe('processing')
    letGo('of the second')
    await pass(0)
    expect(await rain.poll(second.ref)).toMatchObject({ status: 'complete', value: 'of the second' })
    expect(await call(1)).toMatchObject({ ref: second.ref, value: 'of the second' })
    expect((await rain.poll(ref)).status).toBe('cancelled')
  })
})
