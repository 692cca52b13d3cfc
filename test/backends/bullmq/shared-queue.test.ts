import { describe, expect, it, vi } from 'vitest'
import { bullmq } from '../../../dist/backends/bullmq/index.js'
import { createRaincheck } from '../../../dist/index.js'
import { files, openHere, startElsewhere } from '../../support/bullmq-rain.js'
import { hasRedis, redisDatabases } from '../../support/redis.js'

const patience = { timeout: 20_000, interval: 10 }

describe.skipIf(!hasRedis)('a queue that processes share', () => {
  const database = redisDatabases()

  it('a process that runs nothing gets value, progress and log of another', async () => {
    const { url } = database()
    const { rain, hold, flaky } = openHere(url, 0)
    await startElsewhere(url, 2)
    const told: unknown[] = []
    rain.on('progress', ({ progress: { current, percentage } }) => told.push({ current, percentage }))
    rain.on('log', ({ line }) => told.push(line))
    expect(await flaky({ fails: 0 })).toMatchObject({ status: 'complete', value: 1 })
    expect(told).toEqual(expect.arrayContaining([{ current: 1, percentage: 100 }, 'attempt 1']))
    const { letGo, notes, until, noted } = await files()
    const answer = await hold({ notes, until }, { asyncTimeout: 0 })
    await vi.waitUntil(() => noted().length > 0, patience)
    await vi.waitUntil(async () => (await rain.poll(answer.ref)).status === 'processing', patience)
    await letGo()
    expect(await rain.poll(answer.ref, { wait: '20s' })).toMatchObject({ value: { held: new Date(5) } })
  })

  it('equal keys of processes without a common store are one job, too', async () => {
    const { url } = database()
    const { notes, noted } = await files()
    const input = { n: 7, ms: 100, notes }
    const calls = [1, 2].map(() => openHere(url, 2, { store: undefined as never }))
    const answers = await Promise.all(calls.map(({ square }) => square(input)))
    expect(answers.map((answer) => answer.status === 'complete' && answer.value)).toEqual([49, 49])
    expect(noted()).toEqual(['7'])
  })

  it('200 equal calls of four processes at once run once', async () => {
    const { url } = database()
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

  it('when the one that gave the job cancels it, the other still gets its value', async () => {
    const { url } = database()
    const { notes, until, noted, letGo } = await files()
    const [one, other] = [1, 2].map(() => openHere(url, 1, { store: undefined as never }))
    const first = await one?.holdHere({ notes, until }, { asyncTimeout: 0 })
    const isRunning = async () => (await one?.rain.poll(first?.ref as string))?.status === 'processing'
    await vi.waitUntil(isRunning, patience)
    const second = await other?.holdHere({ notes, until }, { asyncTimeout: 0 })
    expect(await one?.rain.cancel(first?.ref as string)).toBe('requested')
    await vi.waitUntil(() => noted().length === 3, patience)
    expect(noted()[1]).toBe('CANCELLED')
    await letGo()
    expect(await other?.rain.poll(second?.ref as string, { wait: '20s' })).toMatchObject({
      status: 'complete',
    })
  })

  it('a call after a forget is a job of its own, while the one before goes on', async () => {
    const { url } = database()
    const { notes, until, noted, letGo } = await files()
    const { rain, holdHere } = openHere(url, 2)
    const input = { notes, until }
    const before = await holdHere(input, { asyncTimeout: 0 })
    await vi.waitUntil(() => noted().length === 1, patience)
    await holdHere.forget(input)
    const after = await holdHere(input, { asyncTimeout: 0 })
    expect(after.ref).not.toBe(before.ref)
    await vi.waitUntil(() => noted().length === 2, patience)
    await letGo()
    for (const { ref } of [before, after])
      expect(await rain.poll(ref, { wait: '20s' })).toMatchObject({ status: 'complete' })
  })

  it('tells apart the instances of a function', async () => {
    const { url } = database()
    const { rain } = openHere(url, 2)
    const wrapped = ['one', 'other'].map((instance) =>
      rain.cached({ name: 'of', asyncTimeout: '20s', instance })(async (n: number) => `${n} of ${instance}`),
    )
    expect(await Promise.all(wrapped.map((of) => of.value(1)))).toEqual(['1 of one', '1 of other'])
  })

  it('makes further attempts, keeps each, and makes none for what is hopeless', async () => {
    const { url } = database()
    const { rain, flaky } = openHere(url, 1)
    const retries: unknown[] = []
    rain.on('retry', ({ attempt, error }) => retries.push([attempt, error.message]))
    expect(await flaky({ fails: 2 })).toMatchObject({ status: 'complete', value: 3 })
    expect(retries).toEqual([
      [1, 'attempt 1'],
      [2, 'attempt 2'],
    ])
    await expect(flaky({ fails: 9 })).rejects.toMatchObject({ message: 'attempt 3', code: 'E_FLAKY' })
    const [failed] = (await rain.list({ status: 'failed' })).tasks
    const answer = await rain.poll(failed?.ref as string)
    expect(answer.status === 'failed' && answer.error.attempts.map(({ error }) => error.message)).toEqual([
      'attempt 1',
      'attempt 2',
      'attempt 3',
    ])
    await expect(flaky({ fails: 8, name: 'TypeError' })).rejects.toMatchObject({ message: 'attempt 1' })
  })

  it('a cancel reaches work that runs in another process, and frees key and slot', async () => {
    const { url } = database()
    const { rain, holdHere, hold } = openHere(url, 0)
    await startElsewhere(url, 1)
    const [told, killed] = [await files(), await files()]
    const first = await holdHere({ notes: told.notes, until: told.until }, { asyncTimeout: 0 })
    await vi.waitUntil(() => told.noted().length === 1, patience)
    await vi.waitUntil(() => rain.queue.stats().running === 1, patience)
    expect(await rain.cancel(first.ref)).toBe('requested')
    await vi.waitUntil(() => told.noted().includes('CANCELLED'), patience)
    const second = await hold({ notes: killed.notes, until: killed.until }, { asyncTimeout: 0 })
    await vi.waitUntil(() => killed.noted().length === 1, patience)
    await rain.cancel(second.ref)
    await vi.waitUntil(() => !isRunning(Number(killed.noted()[0])), patience)
    expect((await rain.poll(second.ref)).status).toBe('cancelled')
    await told.letGo()
  })

  it('a cancel by a third process is seen within a second, too', async () => {
    const { url } = database()
    const { holdHere } = openHere(url, 1)
    const { notes, until, noted, letGo } = await files()
    const answer = await holdHere({ notes, until }, { asyncTimeout: 0 })
    await vi.waitUntil(() => noted().length === 1, patience)
    const third = createRaincheck({ store: url, app: 'third' })
    await third.cancel(answer.ref)
    await vi.waitUntil(() => noted().includes('CANCELLED'), { timeout: 2_000, interval: 5 })
    await third.close()
    await letGo()
  })

  it('the highest priority is first, whoever gave it', async () => {
    const { url, count } = database()
    const { holdHere, square, rain } = openHere(url, 1)
    const other = openHere(url, 0)
    const { notes, until, noted, letGo } = await files()
    const held = holdHere({ notes, until })
    await vi.waitUntil(() => noted().length === 1, patience)
    const low = square({ n: 1, notes }, { priority: -2.5 })
    const high = other.square({ n: 2, notes }, { priority: 9 })
    const middle = square({ n: 3, notes })
    await vi.waitUntil(
      () => rain.queue.stats().waiting === 2 && other.rain.queue.stats().waiting === 1,
      patience,
    )
    await vi.waitUntil(() => count('prioritized') === 3, patience)
    await letGo()
    await Promise.all([held, low, high, middle])
    expect(noted().slice(1)).toEqual(['2', '3', '1'])
  })

  it('a pause holds up every process of the queue, until a resume', async () => {
    const { url } = database()
    const { rain, square } = openHere(url, 0)
    const elsewhere = await startElsewhere(url, 1)
    await square({ n: 1 })
    rain.queue.pause()
    const { notes, noted } = await files()
    const answer = await square({ n: 2, notes }, { asyncTimeout: '300ms' })
    expect(answer.status).toBe('pending')
    expect(noted()).toEqual([])
    rain.queue.resume()
    expect(await rain.poll(answer.ref, { wait: '20s' })).toMatchObject({ value: 4 })
    elsewhere.send({ end: 0 })
    await elsewhere.exited
  })

  it('a timeout ends the task and frees its place, though the function never returns', async () => {
    const { url } = database()
    const { rain, square } = openHere(url, 1)
    const codes: string[] = []
    const stuck = rain.cached({ name: 'stuck', asyncTimeout: '20s', timeout: '200ms' })(
      (_, { signal }) =>
        new Promise<never>(() => {
          signal.addEventListener('abort', () => codes.push(signal.reason.code))
        }),
    )
    await expect(stuck()).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await square({ n: 6 })).toMatchObject({ value: 36 })
    expect(codes).toEqual(['TIMEOUT'])
    expect(rain.queue.stats().abandoned).toBe(1)
  })

  it('a function that awaits another call lends its place, so that nesting never blocks', async () => {
    const { url } = database()
    const { nested } = openHere(url, 1)
    expect(await nested({ n: 12 })).toMatchObject({ status: 'complete', value: 144 })
  })

  it('a long value takes its own way, and arrives whole', async () => {
    const { url } = database()
    const { long } = openHere(url, 1)
    const answer = await long({ length: 1_000_000 })
    expect(answer.status === 'complete' && (answer.value as Map<string, string>).get('text')?.length).toBe(
      1_000_000,
    )
  })

  it('a job goes to a process that knows its function', async () => {
    const { url, count } = database()
    const backend = bullmq({ connection: url, concurrency: 1 })
    const stranger = createRaincheck({ store: url, app: 'stranger', backend })
    stranger.cached({ name: 'other', asyncTimeout: 0 })(async () => 1)
    const { square } = openHere(url, 0)
    const answer = square({ n: 5 })
    await vi.waitUntil(() => count('delayed') === 1, patience)
    await stranger.close()
    await startElsewhere(url, 1)
    expect(await answer).toMatchObject({ value: 25 })
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
