import { expect } from 'vitest'
import { pass } from '../../support/rain.js'
import { clocks, patience } from './functions.js'
import { type Asked, isSettled, type Model, type ModelTask } from './model.js'
import type { Run, World } from './world.js'

const endEvents = { complete: ['complete'], failed: ['fail'], cancelled: ['cancel'] }

/** Holds all that can be seen of the world against the model. */
export function observe(model: Model, world: World): void {
  const running = [...model.live.values()].filter(({ status }) => status === 'processing')
  for (const task of running)
    expect(
      world.runs.filter((run) => isRunOf(run, task)),
      `one run of ${task.ref}`,
    ).toHaveLength(1)
  const abandoned = world.runs.length - running.length
  expect(world.rain.queue.stats()).toMatchObject({ waiting: 0, running: running.length, abandoned })
  for (const task of model.tasks.values()) {
    const ends = Reflect.get(endEvents, task.status) ?? []
    expect(world.ends.get(task.ref) ?? [], 'the end is told, and told once').toEqual(ends)
  }
  for (const call of model.calls) observeCall(model, call)
  for (const poll of model.polls) observePoll(model, poll)
}

/** Lets time pass, from one moment at which something may happen to the next. */
export async function passTime(model: Model, world: World, ms: number): Promise<void> {
  const end = model.now + ms
  while (model.now < end) {
    const next = Math.min(end, model.nextMoment())
    await pass(next - model.now)
    model.pass(next)
    observe(model, world)
  }
}

/** Adds to what is asked what the promise comes to, once it does. */
export function follow<A extends object>(
  asked: A & Pick<Asked, 'answer' | 'error'>,
  promise: Promise<NonNullable<Asked['answer']>>,
): A & Pick<Asked, 'answer' | 'error'> {
  promise.then(
    (answer) => {
      asked.answer = answer
    },
    (error) => {
      asked.error = error
    },
  )
  return asked
}

export function isRunOf({ ref, attempt }: Run, task: ModelTask): boolean {
  return ref === task.ref && attempt === task.attempt && task.status === 'processing'
}

function observeCall(model: Model, call: Asked): void {
  const { task, at, wait, answer, error } = call
  if (answer) {
    expect(answer.ref).toBe(task.ref)
    if (isSettled(answer.status)) expectEnd(model, task, answer)
    else {
      expect([task.before, task.status], 'of this moment').toContain(answer.status)
      expect(model.now, 'nobody is handed off early').toBeGreaterThanOrEqual(at + wait)
      task.recorded = true
    }
    model.given.add(task)
  } else if (error) expectReason(model, call, error)
  else {
    expect(isSettled(task.status), 'a caller that waits learns of the end').toBe(false)
    if (model.now < at + wait) return
    expect(task.recorded || model.records(), 'a caller past its window gets the ref').toBe(false)
    expect(model.now, 'nobody waits for ever').toBeLessThan(at + wait + patience(task.key))
    return
  }
  model.calls.delete(call)
}

/** Why a call may reject: the end of its task, or a record that could not be written for too long. */
function expectReason(model: Model, { task, at, wait }: Asked, error: Error & { code?: string }): void {
  if (error.code === 'STORE_UNAVAILABLE') {
    expect(task.recorded, 'a ref could be given').toBe(false)
    expect(model.now, 'it waits for the store').toBeGreaterThanOrEqual(at + wait + patience(task.key))
  } else if (task.status === 'failed' && task.error) expect(error, "the function's own").toBe(task.error)
  else expect([task.status, error.code]).toEqual(expectedCode(task))
}

function expectedCode({ status }: ModelTask): unknown[] {
  return status === 'cancelled' ? ['cancelled', 'CANCELLED'] : ['failed', 'TIMEOUT']
}

function observePoll(model: Model, poll: Asked): void {
  const { task, at, wait, answer, error } = poll
  if (error) expect(reasonsNotToAnswer(model, task), error.message).toContain(error.code)
  else if (!answer) {
    // It looks again, as long as it may, when the store cannot be read.
    poll.looksAgain ||= isSettled(task.status) && model.isUnreadable
    expect(isSettled(task.status) && !poll.looksAgain, 'a poll that waits learns of the end').toBe(false)
    expect(model.now, 'nor does it wait longer than asked').toBeLessThan(at + wait)
    return
  } else if (isSettled(answer.status)) expectEnd(model, task, answer)
  else {
    expect([task.before, task.status]).toContain(answer.status)
    expect(model.now, 'it waits as long as asked').toBe(at + wait)
    expect('progress' in answer ? answer.progress?.current : undefined).toBe(task.current)
  }
  if (answer && !poll.looksAgain)
    expect(model.isExpired(task) && task.stored, 'an expired ref is unknown').toBe(false)
  model.polls.delete(poll)
}

/** The codes that a poll or any other use of a ref may reject with at this moment. */
export function reasonsNotToAnswer(model: Model, task: ModelTask): string[] {
  // What was given up is kept as any failure is.
  const isGone = model.mayBeLost(task) && model.now >= task.settledAt + clocks.retention
  const unknown = model.isExpired(task) || !task.recorded || isGone ? ['REF_NOT_FOUND'] : []
  return isSettled(task.status) && model.isUnreadable ? [...unknown, 'STORE_UNAVAILABLE'] : unknown
}

function expectEnd(model: Model, task: ModelTask, answer: NonNullable<Asked['answer']>): void {
  if (answer.status === 'failed' && model.mayBeLost(task)) task.lost = true
  if (task.lost) {
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'STORE_UNAVAILABLE' } })
    return
  }
  expect(answer.status).toBe(task.status)
  if (answer.status === 'complete') expect(answer.value).toBe(task.value)
  if (answer.status === 'failed') {
    const { code, message } = answer.error
    if (task.error) expect(message).toBe(task.error.message)
    else expect(code).toBe('TIMEOUT')
  }
  task.settledAnswer ??= answer
  expect(answer, 'a task that has settled never changes').toEqual(task.settledAnswer)
}
