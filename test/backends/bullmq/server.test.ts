import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { bullmq } from '../../../dist/backends/bullmq/index.js'
import { createRaincheck } from '../../../dist/index.js'
import { files, openHere } from '../../support/bullmq-rain.js'
import { startFixture } from '../../support/child.js'
import { quickTime } from '../../support/quick-time.js'
import { heldFunction } from '../../support/rain.js'
import { hasRedis, redisOfTest } from '../../support/redis.js'

const patience = { timeout: 20_000, interval: 10 }

describe.skipIf(!hasRedis)('jobs that are there already, or no longer', () => {
  /** A long value that waits for room on a server that is full. */
  async function waitingForRoom() {
    const full = await redisOfTest()
    const backend = bullmq({ connection: full.url, concurrency: 1 })
    const rain = createRaincheck({ app: 'full', backend })
    onTestFinished(() => rain.close({ drain: 0 }))
    const { work, runs, letGo } = heldFunction<number>()
    const answer = rain.cached({ name: 'f', asyncTimeout: '60s' })(work)(1)
    await vi.waitUntil(() => runs.length === 1, patience)
    full.command('config', 'set', 'maxmemory', '1')
    letGo('x'.repeat(10_000))
    await vi.waitUntil(
      () => /cmdstat_set:.*rejected_calls=[1-9]/.test(full.command('info', 'commandstats')),
      patience,
    )
    return { rain, answer, full }
  }

  it('a long value waits for room on a server that is full', async () => {
    const { answer, full } = await waitingForRoom()
    full.command('config', 'set', 'maxmemory', '0')
    const { status, value } = { value: undefined, ...(await answer) }
    expect([status, value]).toEqual(['complete', 'x'.repeat(10_000)])
  })

  it('a close does not wait for room on a server that is full', async () => {
    const { rain, answer } = await waitingForRoom()
    const ended = answer.catch((error: { code: string }) => error)
    const startedAt = Date.now()
    await rain.close({ drain: 0 })
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    expect(await ended).toMatchObject({ code: 'INTERRUPTED' })
  })

  it('a server that is away does not hold up a close', async () => {
    const gone = await redisOfTest()
    const backend = bullmq({ connection: gone.url, concurrency: 1 })
    const rain = createRaincheck({ app: 'gone', backend })
    const f = rain.cached({ name: 'f', asyncTimeout: '60s' })(async (n: number) => n)
    expect(await f(1)).toMatchObject({ value: 1 })
    await gone.kill()
    expect(await f(2, { asyncTimeout: '100ms' })).toMatchObject({ status: 'pending' })
    const startedAt = Date.now()
    await rain.close({ drain: 0 })
    expect(Date.now() - startedAt).toBeLessThan(4_000)
  })

  it('a process that closes while the server is away ends without being told to', async () => {
    const gone = await redisOfTest()
    const child = startFixture('bullmq-process.mjs', gone.url, '1')
    await child.next('ready')
    child.send({ name: 'square', call: [[{ n: 3 }]] })
    expect(await child.next('answers')).toMatchObject([{ value: 9 }])
    await gone.kill()
    child.send({ end: 0 })
    expect(await child.exited).toBe(0)
  })
})

describe.skipIf(!hasRedis)('when the server of a queue', { timeout: 120_000 }, () => {
  it('is away, calls fail in time, and what comes when it is back goes on', async () => {
    const { quicken, slacken } = quickTime()
    const redis = await redisOfTest()
    const { square } = openHere(redis.url, 2)
    await square({ n: 1 })
    await redis.kill()
    quicken()
    const startedAt = Date.now()
    await expect(square({ n: 2 }, { asyncTimeout: '200ms' })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
    expect(Date.now() - startedAt).toBeLessThan(40_000)
    slacken()
    const back = square({ n: 3 })
    await redis.startAgain()
    expect(await back).toMatchObject({ value: 9 })
  })

  it('is frozen while tasks run, they are done when it thaws', async () => {
    const redis = await redisOfTest()
    const { square } = openHere(redis.url, 2)
    const { notes, noted } = await files()
    const running = square({ n: 4, ms: 500, notes })
    await vi.waitUntil(() => noted().length === 1, patience)
    redis.freeze()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    redis.thaw()
    expect(await running).toMatchObject({ value: 16 })
    expect(await square({ n: 5 })).toMatchObject({ value: 25 })
  })

  it('is full, a call waits, and goes on when there is room', async () => {
    const redis = await redisOfTest()
    const { long, square } = openHere(redis.url, 2)
    await square({ n: 1 })
    redis.command('config', 'resetstat')
    redis.command('config', 'set', 'maxmemory', '1')
    const waiting = long({ length: 100_000 })
    await vi.waitUntil(() =>
      /cmdstat_eval\w*:.*(?:rejected|failed)_calls=[1-9]/.test(redis.command('info', 'commandstats')),
    )
    redis.command('config', 'set', 'maxmemory', '0')
    const answer = await waiting
    expect(answer).toMatchObject({ status: 'complete', value: new Map([['text', 'x'.repeat(100_000)]]) })
  })
})
