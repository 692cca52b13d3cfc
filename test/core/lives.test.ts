import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { times } from '../support/long.js'
import { useFakeTime } from '../support/rain.js'
import * as commands from './lives/commands.js'
import { clocks, type Key } from './lives/functions.js'
import { Model } from './lives/model.js'
import { observe, passTime } from './lives/observe.js'
import { createWorld, type Fault, type World } from './lives/world.js'

const RUNS = times(1_500, 200)
/** Fixed, so that the suite is the same each time. */
const SEED = 3

const key = fc.constantFrom<Key>(0, 1, 2)
const pick = fc.nat(30)
const { asyncTimeout, memoryTtl, recovery, retention, retryDelay } = clocks

const windows = fc.constantFrom(0, asyncTimeout, 10 * asyncTimeout, 100 * asyncTimeout)
const spans = fc.constantFrom(
  1,
  asyncTimeout,
  memoryTtl,
  retryDelay,
  5_000,
  20_000,
  retention,
  recovery,
  300_000,
)
const faults = fc.constantFrom<Fault>(
  { of: 'tasks', operation: 'start', kind: 'rejects' },
  { of: 'tasks', operation: 'update', kind: 'rejects' },
  { of: 'tasks', operation: 'settle', kind: 'rejects' },
  { of: 'tasks', operation: 'get', kind: 'rejects' },
  { of: 'tasks', operation: 'renew', kind: 'rejects' },
  { of: 'values', operation: 'set', kind: 'rejects' },
  { of: 'values', operation: 'set', kind: 'answers false' },
  { of: 'values', operation: 'get', kind: 'rejects' },
)

const call = fc.tuple(key, windows, fc.boolean()).map((args) => commands.call(...args))
const poll = fc.tuple(pick, fc.constantFrom(0, 0, 500, 25_000)).map((args) => commands.poll(...args))
const cancel = pick.map(commands.cancel)
const retry = pick.map(commands.retry)
const succeed = key.map(commands.succeed)
const fail = fc.tuple(key, fc.boolean()).map((args) => commands.fail(...args))
const progress = fc.tuple(key, fc.integer({ min: 1, max: 99 })).map((args) => commands.progress(...args))
const endLate = fc.boolean().map(commands.endLate)
const wait = spans.map(commands.wait)
const breakStores = faults.map(commands.breakStores)
const mendStores = fc.constant(commands.mendStores())
const list = fc.constant(commands.list())

// What is named twice comes twice as often.
const often = [call, call, call, succeed, succeed, fail, poll, poll, wait, wait]
const seldom = [cancel, retry, progress, endLate, breakStores, mendStores, list]
const lives = fc.commands([...often, ...seldom], { maxCommands: 60, size: '+2' })

/** In the end the stores work, what runs is let go, and whoever was given a ref gets what it stands for. */
async function end(model: Model, world: World): Promise<void> {
  await commands.mendStores().run(model, world)
  await passTime(model, world, recovery)
  observe(model, world)
  for (const live of model.live.keys())
    if (model.live.get(live)?.status === 'processing') await commands.succeed(live).run(model, world)
  await passTime(model, world, 2 * asyncTimeout)
  for (const [at] of [...model.given].entries()) await commands.poll(at, 0).run(model, world)
  await commands.list().run(model, world)
  const closing = world.rain.close({ drain: 0 })
  await vi.advanceTimersByTimeAsync(0)
  await closing
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount(), 'no timer is left').toBe(0)
}

describe.each([
  ['that others may see and that may fail', true],
  ['of this process alone, with values in a Keyv that may fail', false],
])('a task store %s', (_, shared) => {
  it(`keeps to the model of tasks in ${RUNS} random lives`, { timeout: 120_000 }, async () => {
    useFakeTime()
    // The jitter of retry delays: none.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => random.mockRestore())
    let lived = 0
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        // Those of a life that failed would count against the next, while it is made shorter.
        vi.clearAllTimers()
        const real = createWorld(shared)
        const model = new Model(shared, real.faults)
        await fc.asyncModelRun(() => ({ model, real }), life)
        await end(model, real)
        lived++
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect(lived).toBe(RUNS)
  })
})
