import { describe, expect, it, vi } from 'vitest'
import { files, openHere, startElsewhere } from '../../support/bullmq-rain.js'
import type { Child } from '../../support/child.js'
import { isLong, times } from '../../support/long.js'
import { hasRedis, redisDatabases, redisOfTest } from '../../support/redis.js'

// A process that was killed is missed when its lock has run out (15 s), at the next look for such jobs (5 s).
const missed = { timeout: 150_000, interval: 20 }

/** Of the process that runs one task. */
const KILLS = times(2, 1)

async function kill(child: Child): Promise<void> {
  child.process.kill('SIGKILL')
  await child.exited
}

const patience = { timeout: 20_000, interval: 10 }

describe.skipIf(!hasRedis)('processes of a queue that die', { timeout: 400_000 }, () => {
  it('a task is run again when its process was killed, each time, and one that may not be fails', async () => {
    const { url } = await redisOfTest()
    const { rain, holdHere, holdOnce } = openHere(url, 0)
    const [again, once] = [await files(), await files()]
    let worker = await startElsewhere(url, 2)
    const held = holdHere({ notes: again.notes, until: again.until })
    const answer = await holdOnce({ notes: once.notes, until: once.until }, { asyncTimeout: 0 })
    for (let kills = 0; kills < KILLS; kills++) {
      await vi.waitUntil(() => again.noted().length === kills + 1 && once.noted().length === 1, missed)
      await kill(worker)
      worker = await startElsewhere(url, 2)
    }
    await vi.waitUntil(() => again.noted().length === KILLS + 1, missed)
    await again.letGo()
    expect(await held).toMatchObject({ status: 'complete' })
    expect(await rain.poll(answer.ref, { wait: '5s' })).toMatchObject({
      status: 'failed',
      error: { code: 'INTERRUPTED' },
    })
    expect(once.noted()).toHaveLength(1)
  })

  it('of 120 tasks none is lost when workers are killed four times and the server once', async () => {
    const redis = await redisOfTest()
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

describe.skipIf(!hasRedis)('a queue that processes share', () => {
  const database = redisDatabases()

  it('a close gives what runs back at once, and others run it', async () => {
    const { url } = database()
    const { square, holdHere } = openHere(url, 0)
    const { notes, until, noted, letGo } = await files()
    const closing = await startElsewhere(url, 1)
    const held = holdHere({ notes, until })
    await vi.waitUntil(() => noted().length === 1, patience)
    closing.send({ end: 0 })
    await closing.exited
    expect(noted()[1]).toBe('INTERRUPTED')
    await startElsewhere(url, 2)
    await vi.waitUntil(() => noted().length === 3, { timeout: 5_000, interval: 10 })
    await letGo()
    expect(await held).toMatchObject({ status: 'complete' })
    expect(await square({ n: 3 })).toMatchObject({ value: 9 })
  })

  it('what a process gave that closed or was killed is redeemed elsewhere, and ran once', async () => {
    const { url } = database()
    const here = openHere(url, 1)
    const { notes, until, noted, letGo } = await files()
    const giver = await startElsewhere(url, 0)
    giver.send({ name: 'holdHere', call: [[{ notes, until }, { asyncTimeout: 0 }]] })
    const [{ ref } = { ref: '' }] = await giver.next<{ ref: string }[]>('answers')
    await vi.waitUntil(() => noted().length === 1, patience)
    giver.send({ end: 0 })
    await giver.exited
    expect(await here.rain.recover()).toEqual([ref])
    await letGo()
    expect(await here.rain.poll(ref, { wait: '20s' })).toMatchObject({ status: 'complete' })
    expect(noted()).toHaveLength(1)
  })

  it('many processes that end after giving leave nothing undone', async () => {
    const { url, command } = database()
    const here = openHere(url, 2)
    const giver = await startElsewhere(url, 0)
    const inputs = Array.from({ length: 20 }, (_, n) => [{ n }, { asyncTimeout: 0 }])
    giver.send({ name: 'square', call: inputs })
    const answers = await giver.next<{ ref: string }[]>('answers')
    await kill(giver)
    // Its lease runs for 15 s.
    if (!isLong) command('del', 'raincheck:owners')
    const values = await Promise.all(answers.map(({ ref }) => here.rain.poll(ref, { wait: '25s' })))
    expect(values.map((answer) => answer.status === 'complete' && answer.value)).toEqual(
      inputs.map((_, n) => n * n),
    )
  })
})
