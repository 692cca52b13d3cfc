import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { newRef } from '../../src/core/words/ref.js'
import {
  createRaincheck,
  type RaincheckError,
  type RaincheckOptions,
  type StoreOption,
} from '../../src/index.js'
import { startFixture } from '../support/child.js'
import { heldFunction } from '../support/rain.js'
import { hasRedis, redisOfTest } from '../support/redis.js'
import { temporaryFolder } from '../support/temporary-folder.js'

type Rain = ReturnType<typeof createRaincheck>

const patience = { timeout: 20_000, interval: 10 }

const stores: [name: string, open: () => Promise<StoreOption>][] = [
  ['SQLite file', async () => `sqlite:${join(await temporaryFolder(), 'a.db')}`],
]
if (hasRedis) stores.push(['Redis server', ownRedis])

async function ownRedis(): Promise<StoreOption> {
  const redis = await redisOfTest()
  return redis.url
}

/** Rainchecks with connections of their own to one store, as in several processes. */
async function sharing(open: () => Promise<StoreOption>, ...options: RaincheckOptions[]): Promise<Rain[]> {
  const store = await open()
  const rains = options.map((more) => createRaincheck({ store, app: 'shared', ...more }))
  onTestFinished(() => Promise.all(rains.map((rain) => rain.close({ drain: 0 }))).then(() => {}))
  return rains
}

describe.each(stores)('rainchecks on one %s', (_, open) => {
  it('run equal calls of both once, and answer both', async () => {
    const [one, other] = await sharing(open, {}, {})
    const { work, runs, letGo } = heldFunction()
    const wrap = (rain: Rain | undefined) => rain?.cached({ name: 'f', asyncTimeout: '20s' })(work)
    const first = wrap(one)?.({ n: 1 })
    await vi.waitUntil(() => runs.length > 0, patience)
    // Its ref says that it has joined; only then may the run end, since a later call would rightly start another.
    const joined = await wrap(other)?.({ n: 1 }, { asyncTimeout: 0 })
    const polled = other?.poll(joined?.ref as string, { wait: '20s' })
    letGo(new Map([[1n, new Date(5)]]))
    const value = new Map([[1n, new Date(5)]])
    expect(await first).toMatchObject({ status: 'complete', value, ref: joined?.ref })
    expect(await polled).toMatchObject({ status: 'complete', value, ref: joined?.ref })
    expect(runs).toHaveLength(1)
  })

  it('answer from each other’s values while those are fresh, and keep scopes apart', async () => {
    const rains = await sharing(open, {}, {})
    const work = vi.fn(async (n: number) => ({ n }))
    const [one, other] = rains.map((rain) => rain.cached({ name: 'f', asyncTimeout: '20s', ttl: '1h' })(work))
    const first = await one?.(1)
    expect(await other?.(1)).toEqual(first)
    expect(work).toHaveBeenCalledOnce()
    expect((await other?.(1, { scope: 'alice' }))?.ref).not.toBe(first?.ref)
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('see a refresh of one another as soon as memoryTtl allows', async () => {
    const [one, other] = await sharing(open, { memoryTtl: 0 }, { memoryTtl: 0 })
    let version = 0
    const wrap = (rain: Rain | undefined) =>
      rain?.cached({ name: 'f', asyncTimeout: '20s', ttl: '1h' })(async () => ++version)
    const [first, second] = [wrap(one), wrap(other)]
    expect([await first?.value(), await second?.value()]).toEqual([1, 1])
    expect(await first?.value(undefined, { refresh: true })).toBe(2)
    expect(await second?.value()).toBe(2)
  })

  it('a caller elsewhere gets an error with the same name, message and code', async () => {
    const [one, other] = await sharing(open, {}, {})
    const { work, runs, fail } = heldFunction()
    // With errorTtl it makes no difference whether the second call comes before the end of the first or after it.
    const options = { name: 'f', asyncTimeout: '20s', errorTtl: '1h' } as const
    const thrown = Object.assign(new RangeError('mine'), { code: 'E1' })
    const here = one?.cached(options)(work)(1)
    await vi.waitUntil(() => runs.length > 0, patience)
    const there = other?.cached(options)(work)(1)
    fail(thrown)
    await expect(here).rejects.toBe(thrown)
    await expect(there).rejects.toMatchObject({ name: 'RangeError', message: 'mine', code: 'E1' })
    expect(runs).toHaveLength(1)
  })

  it('unknown, mistyped, foreign and expired refs are told apart by nothing', async () => {
    const [one, other] = await sharing(open, { retention: 1 }, {})
    const [forgetful, mindful] = [one, other].map((rain) =>
      rain?.cached({ name: 'f', asyncTimeout: '20s' })(async (n: number) => n),
    )
    const expired = (await forgetful?.(1))?.ref as string
    const foreign = (await mindful?.(2, { scope: 'alice' }))?.ref as string
    await vi.waitUntil(
      () =>
        other?.poll(expired).then(
          () => false,
          () => true,
        ),
      patience,
    )
    expect(await other?.scope('alice').poll(foreign)).toMatchObject({ value: 2 })
    const refs = [newRef(), 'mistyped', expired, foreign]
    const errors = await Promise.all(
      refs.map((ref) => other?.poll(ref).catch((error: RaincheckError) => error)),
    )
    const told = errors.map((error, index) => {
      const { code, message } = error as RaincheckError
      return { code, message: message.replace(refs[index] as string, '<ref>') }
    })
    expect(told[0]?.code).toBe('REF_NOT_FOUND')
    expect(told).toEqual(Array(4).fill(told[0]))
  })

  it('a value that cannot be stored goes to who waits where it was computed; elsewhere the poll has the path', async () => {
    const [one, other] = await sharing(open, {}, {})
    const value = { rows: [{ format: () => 'x' }] }
    const answer = await one?.cached({ name: 'f', asyncTimeout: '20s' })(async () => value)()
    expect(answer && 'value' in answer && answer.value).toBe(value)
    expect(await other?.poll(answer?.ref as string)).toMatchObject({
      status: 'failed',
      retryable: false,
      error: {
        code: 'INVALID_VALUE',
        message: expect.stringContaining('value.rows[0].format cannot be stored'),
      },
    })
  })
})

describe.each(stores)('a close on a %s', (_, open) => {
  it('lets go at once of what it does not wait for: another process need not wait for a lease to run out', async () => {
    const [one, other] = await sharing(open, {}, {})
    const { work, runs } = heldFunction()
    const answer = await one?.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    const ref = answer?.ref as string
    await vi.waitUntil(() => runs.length > 0, patience)
    const waiting = other?.poll(ref, { wait: '20s' })
    await one?.close({ drain: 0 })
    expect(await waiting).toMatchObject({
      status: 'failed',
      retryable: true,
      error: { code: 'INTERRUPTED', message: expect.stringContaining('make the same call again') },
    })
    expect(await other?.cached({ name: 'f', asyncTimeout: '20s' })(async () => 'again')(1)).toMatchObject({
      status: 'complete',
      value: 'again',
    })
  })

  it('waits for what is done in time, and its value is there for others', async () => {
    const [one, other] = await sharing(open, {}, {})
    const { work, runs, letGo } = heldFunction()
    const answer = await one?.cached({ name: 'f', asyncTimeout: 0 })(work)(1)
    await vi.waitUntil(() => runs.length > 0, patience)
    const closing = one?.close({ drain: '20s' })
    letGo('in time')
    await closing
    expect(await other?.poll(answer?.ref as string)).toMatchObject({ status: 'complete', value: 'in time' })
  })
})

describe('a task that failed in another process', () => {
  it('is retried with its input, types and all, where its function is known', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const ref = await startFixture('failing.mjs', path).next<string>('ref')
    const rain = createRaincheck({ store: `sqlite:${path}`, app: 'shared' })
    expect(await rain.poll(ref)).toMatchObject({
      status: 'failed',
      error: {
        name: 'RangeError',
        message: 'page 99',
        code: 'E_PAGE',
        attempts: [{ at: expect.any(Number) }],
      },
    })
    await expect(rain.retry(ref)).rejects.toMatchObject({
      code: 'FUNCTION_NOT_REGISTERED',
      message: expect.stringMatching(/^parse \(version 1, app shared\) is not wrapped in this process/),
    })
    const work = vi.fn(async (_: { path: string; at: Date }) => 'parsed')
    rain.cached({ name: 'parse', asyncTimeout: '20s' })(work)
    const again = await rain.retry(ref)
    expect(again).toMatchObject({ status: 'complete', value: 'parsed' })
    expect(again.ref).not.toBe(ref)
    expect(work.mock.calls[0]?.[0]).toEqual({ path: 'a.pdf', at: new Date(5) })
    await rain.close()
  })
})
