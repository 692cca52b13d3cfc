import { describe, expect, it, vi } from 'vitest'
import { files, openHere, startElsewhere } from '../../support/bullmq-rain.js'
import { hasRedis, redisOfTest } from '../../support/redis.js'

// A lock runs out 15 s after the last sign of life of its process, and is looked for every 5 s.
const missed = { timeout: 150_000, interval: 20 }

describe.skipIf(!hasRedis)('the lock of a job', { timeout: 400_000 }, () => {
  it('a function that blocks its process for longer than a lock lasts is not run twice', async () => {
    const { url } = await redisOfTest()
    const { block } = openHere(url, 2)
    await startElsewhere(url, 2)
    const { notes, noted } = await files()
    expect(await block({ ms: 24_000, notes })).toMatchObject({ status: 'complete', value: 'done' })
    expect(noted()).toEqual(['start', 'end'])
  })

  it('what a frozen process comes to after others ran its task changes nothing', async () => {
    const { url } = await redisOfTest()
    const { holdHere } = openHere(url, 0)
    const frozen = await startElsewhere(url, 1)
    const { notes, until, noted, letGo } = await files()
    const held = holdHere({ notes, until })
    await vi.waitUntil(() => noted().length === 1, missed)
    frozen.process.kill('SIGSTOP')
    await startElsewhere(url, 1)
    await vi.waitUntil(() => noted().length === 2, missed)
    frozen.process.kill('SIGCONT')
    await vi.waitUntil(() => noted().includes('INTERRUPTED'), missed)
    await letGo()
    expect(await held).toMatchObject({ status: 'complete' })
  })
})
