import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackendLimits, TaskBackend } from '../core/words/backend.js'
import { Bench } from './backend-bench.js'
import type { TestRunner } from './runner.js'

/** What one test gets. */
export interface BackendFixture {
  /** A new backend that runs two jobs at once. */
  backend: TaskBackend
  /** Called after each test, after the backend was closed. */
  cleanUp?(): void | Promise<void>
}

/** Which backend is tested. */
export interface BackendSuite {
  /** For the names of the tests. */
  name: string
  /** Whether it says that it can keep this limit, which is tested then. */
  perScope: boolean
  /** Whether it says that it can keep this limit, which is tested then. */
  rateLimit: boolean
  /** Gives a backend with two slots for each test. */
  make(): BackendFixture | Promise<BackendFixture>
}

/**
 * Registers the tests of what every backend holds to, with functions that `fromModule` makes.
 * @param runner Such as `{ describe, it }` of vitest.
 * @param suite Which backend is tested, and how one is made.
 */
export function backendContract(runner: TestRunner, { name, make, perScope, rateLimit }: BackendSuite): void {
  const test = (what: string, body: (bench: Bench) => Promise<void>, limits: BackendLimits = {}) =>
    runner.it(what, async () => {
      const { backend, cleanUp } = await make()
      const { capabilities } = backend
      assert.deepEqual([capabilities.perScope, capabilities.rateLimit], [perScope, rateLimit])
      const bench = new Bench(backend, await mkdtemp(join(tmpdir(), 'raincheck-contract-')))
      backend.limit(limits)
      try {
        await body(bench)
      } finally {
        await bench.end()
        await cleanUp?.()
      }
    })
  runner.describe(`${name}: the contract of backends`, () => {
    outcomeContract(test)
    slotContract(test)
    abortContract(test)
    askContract(test)
    if (perScope) perScopeContract(test)
    if (rateLimit) rateLimitContract(test)
  })
}

type BackendTest = (what: string, body: (bench: Bench) => Promise<void>, limits?: BackendLimits) => void

function outcomeContract(test: BackendTest): void {
  test('a job resolves to the value of its function, types kept', async (bench) => {
    const value = {
      date: new Date(5),
      map: new Map([['a', 1n]]),
      bytes: new Uint8Array([1, 2]),
      none: undefined,
    }
    assert.deepEqual(await bench.run('echo', value).done, value)
  })

  test("a job rejects with its function's error: name, message, code and plain properties", async (bench) => {
    const { done } = bench.run('fail', { message: 'on purpose' })
    await assert.rejects(done, { name: 'RangeError', message: 'on purpose', code: 'E_CONTRACT', status: 418 })
  })

  test('a function gets its handle, and what it tells arrives before its value', async (bench) => {
    const { done, told, job } = bench.run('tell', undefined, { scope: 's', attempt: 3 })
    assert.deepEqual(await done, { ref: job.ref, scope: 's', attempt: 3, aborted: false })
    assert.equal(told[0], 'start')
    assert.deepEqual(
      told.slice(1).sort(byText),
      ['a line', { current: 1, total: 2, message: 'half' }].sort(byText),
    )
  })
}

function askContract(test: BackendTest): void {
  test('what a function asks is told, all that it asks at once together, and ends the job', async (bench) => {
    const { done, told } = bench.run('askTwo', undefined)
    await assert.rejects(done, { message: 'asked' })
    assert.deepEqual(told, [
      'start',
      { colour: { message: 'Which colour?' }, size: { message: 'Which size?' } },
    ])
  })

  test('a function gets the answers there are, and asks for the others', async (bench) => {
    const one = bench.run('askTwo', undefined, { answers: { size: null } })
    await assert.rejects(one.done, { message: 'asked' })
    assert.deepEqual(one.told, ['start', { colour: { message: 'Which colour?' } }])
    const both = bench.run('askTwo', undefined, { answers: { size: 3, colour: { name: 'red' } } })
    assert.deepEqual(await both.done, [{ name: 'red' }, 3])
    assert.deepEqual(both.told, ['start'])
  })
}

function slotContract(test: BackendTest): void {
  test('two jobs run at once, and the third when one has ended', async (bench) => {
    const [first, second, third] = [bench.hold(), bench.hold(), bench.hold()]
    await Promise.all([first.started(), second.started()])
    const { waiting, running, paused } = bench.backend.stats()
    assert.deepEqual({ waiting, running, paused }, { waiting: 1, running: 2, paused: false })
    assert.deepEqual([third.told, third.hasStarted()], [[], false])
    await second.letGo()
    await third.started()
    await Promise.all([first.letGo(), third.letGo()])
  })

  test('of the jobs that wait the highest priority is first, then the oldest', async (bench) => {
    const holding = [bench.hold(), bench.hold()]
    await Promise.all(holding.map((one) => one.started()))
    const order: string[] = []
    const line = (
      [
        ['a', 0],
        ['b', 5],
        ['c', 0],
        ['d', 9],
      ] as const
    ).map(([name, priority]) => {
      const { done, job } = bench.run('echo', name, { priority })
      return { name, ref: job.ref, done: done.then(() => order.push(name)) }
    })
    bench.backend.setPriority(line.find(({ name }) => name === 'c')?.ref as string, 7)
    await holding[0]?.letGo()
    await Promise.all(line.map(({ done }) => done))
    assert.deepEqual(order, ['d', 'c', 'b', 'a'])
    await holding[1]?.letGo()
  })

  test('a pause starts nothing more, a resume goes on', async (bench) => {
    bench.backend.pause()
    const { done, told } = bench.run('echo', 1)
    assert.equal(bench.backend.stats().paused, true)
    assert.equal(bench.backend.stats().waiting, 1)
    assert.deepEqual(told, [])
    bench.backend.resume()
    assert.equal(await done, 1)
    assert.equal(bench.backend.stats().paused, false)
  })
}

function perScopeContract(test: BackendTest): void {
  test(
    'perScope keeps a scope from taking every slot',
    async (bench) => {
      const [first, second, other] = ['a', 'a', 'b'].map((scope) => bench.hold({ scope }))
      await Promise.all([first?.started(), other?.started()])
      assert.equal(second?.hasStarted(), false)
      await first?.letGo()
      await second?.started()
      await Promise.all([second?.letGo(), other?.letGo()])
    },
    { perScope: 1 },
  )
}

function rateLimitContract(test: BackendTest): void {
  test(
    'rateLimit keeps the starts apart',
    async (bench) => {
      const startedAt = Date.now()
      await Promise.all([1, 2, 3].map((input) => bench.run('echo', input).done))
      assert.ok(Date.now() - startedAt >= 99, 'the third started a hundred milliseconds after the first')
    },
    { rateLimit: { starts: 2, per: 100 } },
  )
}

function abortContract(test: BackendTest): void {
  test('a job that is aborted while it waits never runs, and rejects with the reason', async (bench) => {
    const holding = [bench.hold(), bench.hold()]
    await Promise.all(holding.map((one) => one.started()))
    const { done, abort, told } = bench.run('echo', 1)
    abort.abort(new Error('no longer wanted'))
    await assert.rejects(done, { message: 'no longer wanted' })
    assert.equal(bench.backend.stats().waiting, 0)
    await Promise.all(holding.map((one) => one.letGo()))
    assert.deepEqual(told, [])
  })

  test('an abort frees the slot of a running job, whatever its function does', async (bench) => {
    const [first, second, third] = [bench.hold(), bench.hold(), bench.hold()]
    await Promise.all([first.started(), second.started()])
    first.abort.abort(new Error('stop'))
    await assert.rejects(first.done, { message: 'stop' })
    await third.started()
    await Promise.all([second.letGo(), third.letGo()])
  })
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}
