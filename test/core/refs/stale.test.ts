import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { heldFunction, pass, useFakeTime } from '../../support/rain.js'

describe('grace', () => {
  it('lets an expired value stand in while the new one takes longer than the window', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    const { ref } = await first
    await pass(60_000)
    const second = call(1)
    await pass(1_000)
    const stale = await second
    expect(stale).toMatchObject({ status: 'complete', value: 'old', stale: true })
    expect(stale.ref).not.toBe(ref)
    letGo('new')
    await pass(0)
    expect(await rain.poll(stale.ref)).toMatchObject({ status: 'complete', value: 'new' })
    expect(await call(1)).toMatchObject({ value: 'new' })
    expect(await call(1)).not.toHaveProperty('stale')
  })

  it('lets it stand in when the new one fails, and no longer than its age', async () => {
    useFakeTime()
    const rain = createRaincheck()
    const { work, letGo, fail } = heldFunction()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s', ttl: '1m', grace: '1h' })(work)
    const first = call(1)
    await pass(0)
    letGo('old')
    await first
    await pass(60_000)
    const second = call(1)
    await pass(0)
    fail(new Error('down'))
    expect(await second).toMatchObject({ value: 'old', stale: true })
    await pass(3_600_000)
    const third = call(1)
    await pass(0)
    fail(new Error('down'))
    await expect(third).rejects.toThrow('down')
  })
})
