import type fc from 'fast-check'
import { expect } from 'vitest'
import { isRef, RaincheckError } from '../../../src/index.js'
import { pass } from '../../support/rain.js'
import type { Model, ModelTask } from './model.js'
import { type Asked, clocks, type Real } from './world.js'

type Command = fc.AsyncCommand<Model, Real>

let calls = 0

/** Calls the function for a key, with a window. */
export class Call implements Command {
  constructor(
    readonly key: number,
    readonly window: number,
    readonly refresh: boolean,
  ) {}

  check = () => true

  async run(model: Model, real: Real): Promise<void> {
    const asked: Asked = {
      key: this.key,
      at: model.now,
      window: this.window,
      answer: undefined,
      error: undefined,
    }
    real.asked.set(calls++, asked)
    const before = real.runs.length
    real
      .call(this.key, { asyncTimeout: this.window, refresh: this.refresh })
      .then((answer) => {
        asked.answer = answer
      })
      .catch((error: Error) => {
        asked.error = error
      })
    await pass(0)
    const started = real.runs.slice(before)
    expect(started.length, 'a call starts one run at most').toBeLessThanOrEqual(1)
    if (started[0]) {
      expect(started[0].key).toBe(this.key)
      expect(model.running.has(this.key), 'equal keys never run twice at once').toBe(false)
      model.running.set(this.key, model.now)
    }
    learn(model, real)
  }

  toString = () => `call(${this.key}, window ${this.window}${this.refresh ? ', refresh' : ''})`
}

/** Lets the oldest run of a key succeed or fail. */
export class End implements Command {
  constructor(
    readonly key: number,
    readonly succeeds: boolean,
  ) {}

  check = (model: Model) => model.running.has(this.key)

  async run(model: Model, real: Real): Promise<void> {
    const at = real.runs.findLastIndex(({ key }) => key === this.key)
    const [run] = real.runs.splice(at, 1)
    const value = `value ${model.now} of ${this.key}`
    if (this.succeeds) run?.settle(value)
    else run?.fail(new Error(value))
    model.settle(this.key, this.succeeds ? 'complete' : 'failed', value)
    await pass(0)
    learn(model, real)
    for (const { key, answer, error, at: askedAt, window } of real.asked.values())
      if (!model.faulty && key === this.key && askedAt + window >= model.now)
        expect(answer ?? error, 'nobody waits for what is there').toBeDefined()
  }

  toString = () => `${this.succeeds ? 'succeed' : 'fail'}(${this.key})`
}

/** Lets a run end whose task has ended long ago, by a cancel or a timeout: nothing may change. */
export class EndLate implements Command {
  check = () => true

  async run(model: Model, real: Real): Promise<void> {
    const at = real.runs.findIndex((run, index) => !isNewest(model, real, run.key, index))
    if (at < 0) return
    const [run] = real.runs.splice(at, 1)
    run?.settle('a value that comes too late')
    await pass(0)
    learn(model, real)
  }

  toString = () => 'endLate()'
}

function isNewest(model: Model, { runs }: Real, key: number, index: number): boolean {
  return model.running.has(key) && runs.findLastIndex((run) => run.key === key) === index
}

/** Cancels a ref that is known. */
export class Cancel implements Command {
  constructor(readonly pick: number) {}

  check = (model: Model) => model.tasks.size > 0 && !model.faulty

  async run(model: Model, real: Real): Promise<void> {
    const [ref, task] = picked(model, this.pick)
    if (model.isExpired(task)) return expectUnknown(real.rain.cancel(ref))
    const expected = task.status === 'processing' ? 'requested' : 'already-settled'
    expect(await real.rain.cancel(ref)).toBe(expected)
    if (expected === 'requested') model.settle(task.key, 'cancelled')
    await pass(0)
    learn(model, real)
  }

  toString = () => `cancel(#${this.pick})`
}

/** Makes the call of a task again, when it failed or was cancelled. */
export class Retry implements Command {
  constructor(readonly pick: number) {}

  check = (model: Model) => model.tasks.size > 0 && !model.faulty

  async run(model: Model, real: Real): Promise<void> {
    const [ref, task] = picked(model, this.pick)
    if (model.isExpired(task)) return expectUnknown(real.rain.retry(ref))
    const ended = task.status === 'failed' || task.status === 'cancelled'
    const before = real.runs.length
    const retried = real.rain.retry(ref)
    await pass(clocks.asyncTimeout)
    model.pass(clocks.asyncTimeout)
    const answer = await retried.catch((error: Error) => error)
    if (real.runs.length > before) model.running.set(task.key, model.now - clocks.asyncTimeout)
    if (!(answer instanceof Error)) {
      if (!ended) expect(answer.ref).toBe(ref)
      else expect(answer.ref, 'a task that has settled never changes').not.toBe(ref)
      know(model, task.key, answer.ref, answer.status)
    }
    learn(model, real)
  }

  toString = () => `retry(#${this.pick})`
}

/** Polls a ref, twice: the second must say the same. */
export class Poll implements Command {
  constructor(readonly pick: number) {}

  check = (model: Model) => model.tasks.size > 0 && !model.faulty

  async run(model: Model, real: Real): Promise<void> {
    const [ref, task] = picked(model, this.pick)
    if (model.isExpired(task)) return expectUnknown(real.rain.poll(ref))
    const answer = await real.rain.poll(ref)
    expect(answer.status).toBe(task.status)
    if (answer.status === 'complete') expect(answer.value).toBe(task.value)
    expect(await real.rain.poll(ref)).toEqual(answer)
    const { tasks } = await real.rain.list({ limit: 1_000 })
    expect(tasks.find((listed) => listed.ref === ref)?.status).toBe(task.status)
  }

  toString = () => `poll(#${this.pick})`
}

/** Lets time pass. */
export class Pass implements Command {
  constructor(readonly ms: number) {}

  check = () => true

  async run(model: Model, real: Real): Promise<void> {
    await pass(this.ms)
    model.pass(this.ms)
    learn(model, real)
    for (const { answer, error, at, window, key } of real.asked.values())
      if (!model.faulty && at + window <= model.now)
        expect(
          answer ?? error,
          `a call for ${key} is answered when its window of ${window} ends`,
        ).toBeDefined()
  }

  toString = () => `pass(${this.ms})`
}

/** Breaks a store, or mends both and lets what was held back be written. */
export class Break implements Command {
  constructor(readonly what: 'tasks' | 'values' | 'nothing') {}

  check = () => true

  async run(model: Model, real: Real): Promise<void> {
    real.faults.tasks = this.what === 'tasks'
    real.faults.values = this.what === 'values'
    model.faulty = this.what !== 'nothing'
    if (model.faulty) return
    model.mendedAt = model.now
    // Longer than the longest wait before what could not be written is tried again (4 min in all).
    await pass(300_000)
    model.pass(300_000)
    learn(model, real)
  }

  toString = () => `break(${this.what})`
}

/** Takes in what callers were told since, and holds it against what is known. */
function learn(model: Model, real: Real): void {
  for (const [id, { key, answer, error, at }] of real.asked) {
    if (!answer && !error) continue
    real.asked.delete(id)
    if (answer) {
      expect(isRef(answer.ref)).toBe(true)
      know(model, key, answer.ref, answer.status, answer.status === 'complete' ? answer.value : undefined)
    } else if (error instanceof RaincheckError) {
      expect(['TIMEOUT', 'CANCELLED', 'STORE_UNAVAILABLE']).toContain(error.code)
      if (error.code === 'STORE_UNAVAILABLE')
        expect(model.faulty || at <= model.mendedAt, 'the store works').toBe(true)
    } else expect(error?.message).toMatch(new RegExp(`of ${key}$`))
  }
}

/** A ref that was given out: it is new, and of the task that runs, or it is known, and says what is known of it. */
function know(model: Model, key: number, ref: string, status: string, value?: string): void {
  const task = model.tasks.get(ref)
  if (task) {
    expect(task.key).toBe(key)
    if (value !== undefined) expect(value).toMatch(new RegExp(`of ${key}$`))
    return
  }
  if (value !== undefined)
    expect(value, 'a value is of the key that was asked for').toMatch(new RegExp(`of ${key}$`))
  // What was answered while a store was broken may have a ref that cannot be redeemed.
  if (model.faulty) return
  const running = model.running.has(key) && status !== 'complete'
  if (running) model.live.set(key, ref)
  const fresh: ModelTask = {
    key,
    status: running ? 'processing' : 'complete',
    startedAt: model.now,
    settledAt: model.now,
    value: value ?? '',
  }
  if (running || status === 'complete') model.tasks.set(ref, fresh)
}

function picked(model: Model, pick: number): [string, ModelTask] {
  const tasks = [...model.tasks]
  return tasks[pick % tasks.length] as [string, ModelTask]
}

async function expectUnknown(promise: Promise<unknown>): Promise<void> {
  await expect(promise).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
}
