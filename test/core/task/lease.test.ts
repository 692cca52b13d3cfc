import { describe, expect, it, vi } from 'vitest'
import { memoryTaskStore } from '../../../src/stores/memory.js'
import { heldFunction, pass, rainWith, slowable, useFakeTime } from '../../support/rain.js'

function sharedRain() {
  useFakeTime()
  const tasks = { ...slowable(memoryTaskStore()), shared: true }
  const renew = vi.spyOn(tasks, 'renew')
  return { rain: rainWith({ tasks }), renew }
}

describe('the lease of a process', () => {
  it('is renewed once for calls that follow each other within a second', async () => {
    const { rain, renew } = sharedRain()
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    for (let n = 0; n < 5; n++) {
      await call(n)
      await pass(200)
    }
    expect(renew).toHaveBeenCalledTimes(1)
    await pass(1)
    await call(5)
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('that was not renewed for a task is renewed twice before it runs out', async () => {
    const { rain, renew } = sharedRain()
    await rain.cached({ name: 'quick', asyncTimeout: '1s' })(async () => 'value')()
    await pass(1_000)
    await rain.cached({ name: 'slow', asyncTimeout: 0 })(heldFunction().work)(1)
    expect(renew).toHaveBeenCalledTimes(1)
    const leaseMs = renew.mock.calls[0]?.[1] ?? 0
    await pass(leaseMs - 1_000)
    expect(renew.mock.calls.length).toBeGreaterThanOrEqual(3)
  })

  it('is renewed for the next task when it could not be for the one before', async () => {
    const { rain, renew } = sharedRain()
    renew.mockRejectedValueOnce(new Error('down'))
    const call = rain.cached({ name: 'f', asyncTimeout: '1s' })(async (n: number) => n)
    await call(1)
    await call(2)
    expect(renew.mock.calls.length).toBeGreaterThanOrEqual(2)
  })
})
