import type fc from 'fast-check'
import { expect } from 'vitest'
import { NonRetryableError } from '../../../src/index.js'
import { pass } from '../../support/rain.js'
import { clocks, type Key } from './functions.js'
import { isSettled, type Model, type ModelTask } from './model.js'
import { follow, isRunOf, observe, passTime, reasonsNotToAnswer } from './observe.js'
import type { Fault, Run, World } from './world.js'

type Command = fc.AsyncCommand<Model, World>

function command(
  name: string,
  check: (model: Model) => boolean,
  run: (model: Model, world: World) => Promise<void>,
): Command {
  const act = async (model: Model, world: World) => {
    await run(model, world)
    observe(model, world)
  }
  return { check, run: act, toString: () => name }
}

const always = () => true

export const call = (key: Key, window: number, refresh: boolean): Command =>
  command(`call(${key}, ${window} ms${refresh ? ', refresh' : ''})`, always, async (model, world) => {
    const seen = new Set(world.runs)
    const asked = follow({ at: model.now, wait: window }, world.call(key, { asyncTimeout: window, refresh }))
    await pass(0)
    const begun = world.runs.filter((run) => !seen.has(run))
    model.calls.add(Object.assign(asked, { task: expectedTask(model, key, refresh, begun) }))
  })

/** Which task a call is of: the live one of its key, that of a fresh value, or a new one whose function runs at once. */
function expectedTask(model: Model, key: Key, refresh: boolean, begun: readonly Run[]): ModelTask {
  const live = model.live.get(key)
  const fresh = refresh ? undefined : model.fresh(key)
  if (live || (fresh && model.isAtHand(fresh)))
    expect(begun, 'equal keys share work and value').toHaveLength(0)
  const standing = live ?? fresh
  if (standing && begun.length === 0) return standing
  const [run] = begun
  if (!run) throw new Error('nothing stands for the key, yet its function does not run')
  expect(begun.map((one) => [one.key, one.attempt])).toEqual([[key, 1]])
  expect(model.tasks.has(run.ref), 'a new task has a new ref').toBe(false)
  return model.begin(key, run.ref)
}

export const poll = (pick: number, wait: number): Command =>
  command(`poll(#${pick}, wait ${wait} ms)`, anyGiven, async (model, world) => {
    const task = picked(model, pick)
    model.polls.add(follow({ task, at: model.now, wait }, world.poll(task.ref, wait)))
    await pass(0)
  })

export const cancel = (pick: number): Command =>
  command(`cancel(#${pick})`, anyGiven, async (model, world) => {
    const task = picked(model, pick)
    const result = await world.cancel(task.ref).catch(codeOf)
    if (isSettled(task.status)) expectUse(model, task, result, 'already-settled')
    else {
      expect(result).toBe(task.status === 'processing' ? 'requested' : 'cancelled')
      model.settle(task, 'cancelled')
    }
    await pass(0)
  })

export const retry = (pick: number): Command =>
  command(`retry(#${pick})`, anyGiven, async (model, world) => {
    const task = picked(model, pick)
    const seen = new Set(world.runs)
    const asked = follow({ at: model.now, wait: clocks.asyncTimeout }, world.retry(task.ref))
    await pass(0)
    const { answer, error } = asked
    const begun = world.runs.filter((run) => !seen.has(run))
    const codes = [...reasonsNotToAnswer(model, task), ...(model.isUnreadable ? ['STORE_UNAVAILABLE'] : [])]
    if (error?.code !== undefined && codes.includes(error.code)) return expect(begun).toHaveLength(0)
    expect(model.isExpired(task) && task.stored, 'an expired ref is unknown').toBe(false)
    if (model.mayBeLost(task) && answer?.ref !== task.ref) task.lost = true
    if (task.status === 'failed' || task.status === 'cancelled' || task.lost)
      model.calls.add(Object.assign(asked, { task: expectedTask(model, task.key, true, begun) }))
    else expect([answer?.status, answer?.ref]).toEqual([task.status, task.ref])
  })

export const succeed = (key: Key): Command =>
  command(`succeed(${key})`, runs(key), async (model, world) => {
    const { task, run } = takeRun(model, world, key)
    task.value = `the value of ${task.ref}`
    run.succeed(task.value)
    model.settle(task, 'complete')
    await pass(0)
  })

export const fail = (key: Key, hopeless: boolean): Command =>
  command(`fail(${key}${hopeless ? ', for good' : ''})`, runs(key), async (model, world) => {
    const { task, run } = takeRun(model, world, key)
    const message = `attempt ${task.attempt} of ${task.ref}`
    const error = hopeless ? new NonRetryableError(message) : new Error(message)
    run.fail(error)
    model.fail(task, error, hopeless)
    await pass(0)
  })

export const progress = (key: Key, current: number): Command =>
  command(`progress(${key}, ${current})`, runs(key), async (model, world) => {
    const task = model.live.get(key)
    const run = task && world.runs.find((one) => isRunOf(one, task))
    if (!task || !run) throw new Error(`no run of ${key}`)
    run.handle.progress({ current, total: 100 })
    task.current = current
    await pass(0)
  })

/** A function goes on although its task has ended, by a cancel or a timeout; what it comes to changes nothing. */
export const endLate = (succeeds: boolean): Command =>
  command(`endLate(${succeeds ? 'value' : 'error'})`, always, async (model, world) => {
    const isLive = (run: Run) => [...model.live.values()].some((task) => isRunOf(run, task))
    const at = world.runs.findIndex((run) => !isLive(run))
    if (at < 0) return
    const [run] = world.runs.splice(at, 1)
    run?.handle.progress({ message: 'too late' })
    if (succeeds) run?.succeed('too late')
    else run?.fail(new Error('too late'))
    await pass(0)
  })

export const wait = (ms: number): Command =>
  command(`wait(${ms} ms)`, always, (model, world) => passTime(model, world, ms))

export const breakStores = (fault: Fault): Command =>
  command(
    `break(${fault.of}.${fault.operation} ${fault.kind})`,
    ({ shared }) => shared || fault.of === 'values',
    async (_, world) => void world.faults.push(fault),
  )

export const mendStores = (): Command =>
  command(
    'mend()',
    ({ faults }) => faults.length > 0,
    async (model, world) => {
      model.faultsChange()
      world.faults.length = 0
    },
  )

/** What every task comes to that is listed. */
export const list = (): Command =>
  command(
    'list()',
    (model) => model.records() && !model.isUnreadable,
    async (model, world) => {
      const { tasks } = await world.rain.list({ limit: 1_000 })
      const listed = tasks.filter(({ ref }) => model.tasks.has(ref))
      expect(listed).toHaveLength(tasks.length)
      for (const { ref, status } of listed) {
        const task = model.tasks.get(ref)
        if (status === 'failed' && task && model.mayBeLost(task)) task.lost = true
        else expect(status).toBe(task?.status)
      }
    },
  )

function anyGiven({ given }: Model): boolean {
  return given.size > 0
}

function runs(key: Key): (model: Model) => boolean {
  return ({ live }) => live.get(key)?.status === 'processing'
}

function picked({ given }: Model, pick: number): ModelTask {
  return [...given][pick % given.size] as ModelTask
}

function takeRun(model: Model, { runs }: World, key: Key): { task: ModelTask; run: Run } {
  const task = model.live.get(key)
  const at = task ? runs.findIndex((run) => isRunOf(run, task)) : -1
  const [run] = at < 0 ? [] : runs.splice(at, 1)
  if (!task || !run) throw new Error(`no run of ${key}`)
  return { task, run }
}

function expectUse(model: Model, task: ModelTask, result: string, expected: string): void {
  const codes = reasonsNotToAnswer(model, task)
  const mustFail = model.isExpired(task) && task.stored
  expect(mustFail ? codes : [...codes, expected]).toContain(result)
}

function codeOf(error: Error & { code?: string }): string {
  return error.code ?? error.message
}
