import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { files, openHere, startElsewhere } from '../../support/bullmq-rain.js'
import type { Child } from '../../support/child.js'
import { hasRedis, RedisServer } from '../../support/redis.js'

// A process that was killed is missed when its lock has run out (15 s), at the next look for such jobs (5 s).
const missed = { timeout: 150_000, interval: 20 }

async function newRedis(...options: string[]): Promise<RedisServer> {
  const redis = await RedisServer.start(...options)
  onTestFinished(() => redis.stop())
  return redis
}

async function kill(child: Child): Promise<void> {
  child.process.kill('SIGKILL')
  await child.exited
}

describe.skipIf(!hasRedis)('processes of a queue that die', { timeout: 400_000 }, () => {
  it('R20: a task is run again when its process was killed, each time, and one that may not be fails', async () => {
    const { url } = await newRedis()
    const { rain, holdHere, holdOnce } = openHere(url, 0)
    const [again, once] = [await files(), await files()]
    let worker = await startElsewhere(url, 2)
    const held = holdHere({ notes: again.notes, until: again.until })
    const answer = await holdOnce({ notes: once.notes, until: once.until }, { asyncTimeout: 0 })
    for (const times of [1, 2]) {
      await vi.waitUntil(() => again.noted().length === times && once.noted().length === 1, missed)
      await kill(worker)
      worker = await startElsewhere(url, 2)
    }
    await vi.waitUntil(() => again.noted().length === 3, missed)
    await again.letGo()
    expect(await held).toMatchObject({ status: 'complete' })
    expect(await rain.poll(answer.ref, { wait: '5s' })).toMatchObject({
      status: 'failed',
      error: { code: 'INTERRUPTED' },
    })
    expect(once.noted()).toHaveLength(1)
  })

  it('R20: a function that blocks its process for longer than a lock lasts is not run twice', async () => {
    const { url } = await newRedis()
    const { block } = openHere(url, 2)
    await startElsewhere(url, 2)
    const { notes, noted } = await files()
    expect(await block({ ms: 24_000, notes })).toMatchObject({ status: 'complete', value: 'done' })
    expect(noted()).toEqual(['start', 'end'])
  })

  it('R10, R19: what a frozen process comes to after others ran its task changes nothing', async () => {
    const { url } = await newRedis()
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

  it('R3: 200 equal calls of four processes at once run once', async () => {
    const { url } = await newRedis()
    const processes = await Promise.all([2, 2, 0, 0].map((concurrency) => startElsewhere(url, concurrency)))
    const { notes, noted } = await files()
    const call = Array.from({ length: 50 }, () => [{ n: 9, ms: 100, notes }, {}])
    for (const one of processes) one.send({ name: 'square', call })
    const answers = (
      await Promise.all(processes.map((one) => one.next<{ value: number }[]>('answers')))
    ).flat()
    expect(answers.map(({ value }) => value)).toEqual(Array(200).fill(81))
    expect(noted()).toEqual(['9'])
  })

  it('R20: of 120 tasks none is lost when workers are killed four times and the server once', async () => {
    const redis = await newRedis()
    const { rain, square } = openHere(redis.url, 0)
    const workers = await Promise.all([1, 2, 3].map(() => startElsewhere(redis.url, 4)))
    const inputs = Array.from({ length: 120 }, (_, n) => ({ n, ms: 100 }))
    let done = 0
    rain.on('complete', () => done++)
    const values = Promise.all(inputs.map((input) => square.value(input)))
    for (const kills of [1, 2, 3, 4]) {
      await vi.waitUntil(() => done >= 15 * kills, missed)
      await kill(workers.shift() as Child)
      workers.push(await startElsewhere(redis.url, 4))
    }
    await vi.waitUntil(() => done >= 75, missed)
    await redis.kill()
    await redis.startAgain()
    expect(await values).toEqual(inputs.map(({ n }) => n * n))
    expect((await rain.list({ status: 'failed' })).tasks).toEqual([])
  })
})

describe.skipIf(!hasRedis)('R18: when the server of a queue', { timeout: 120_000 }, () => {
  it('is away, calls fail in time, and what comes when it is back goes on', async () => {
    const redis = await newRedis()
    const { square } = openHere(redis.url, 2)
    await square({ n: 1 })
    await redis.kill()
    const startedAt = Date.now()
    await expect(square({ n: 2 }, { asyncTimeout: '200ms' })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
    expect(Date.now() - startedAt).toBeLessThan(40_000)
    const back = square({ n: 3 })
    await redis.startAgain()
    expect(await back).toMatchObject({ value: 9 })
  })

  it('is frozen while tasks run, they are done when it thaws', async () => {
    const redis = await newRedis()
    const { square } = openHere(redis.url, 2)
    const { notes, noted } = await files()
    const running = square({ n: 4, ms: 500, notes })
    await vi.waitUntil(() => noted().length === 1, missed)
    redis.freeze()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    redis.thaw()
    expect(await running).toMatchObject({ value: 16 })
    expect(await square({ n: 5 })).toMatchObject({ value: 25 })
  })

  it('is full, a call waits, and goes on when there is room', async () => {
    const redis = await newRedis()
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
