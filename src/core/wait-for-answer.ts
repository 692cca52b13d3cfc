import type { CallAnswer, LiveAnswer } from './answer.js'
import { answerOrThrow, completeAnswer, liveAnswer, settledAnswer } from './answers.js'
import { beginTask } from './begin-task.js'
import type { Core } from './core.js'
import { startTimer } from './deadline.js'
import { RaincheckError, reviveError } from './errors.js'
import type { LiveTask } from './live-task.js'
import { redeem } from './redeem.js'
import { staleAnswer } from './stale-answer.js'
import { isLive, type StoredTask } from './task-store.js'

/**
 * How long past its window a caller waits for a store that cannot take the record, when the function has no
 * `timeout` of its own (R7 of the design).
 */
const UNRECORDED_WAIT_MS = 30_000

/** Answers a caller whose patience ends at `deadline` (milliseconds since 1970). Equal deadlines share one answer. */
export function waitForAnswer(core: Core, task: LiveTask, deadline: number): Promise<CallAnswer<unknown>> {
  const shared = task.answers.get(deadline) as Promise<CallAnswer<unknown>> | undefined
  if (shared) return shared
  const answer = answerBy(core, task, deadline)
  task.answers.set(deadline, answer)
  return answer
}

async function answerBy(core: Core, task: LiveTask, deadline: number): Promise<CallAnswer<unknown>> {
  await answerable(task, deadline)
  if (task.standing) return answerStanding(core, task, task.standing, deadline)
  const { outcome } = task
  if (outcome?.status !== 'complete') {
    const stale = await staleAnswer(core, task.origin, task.ref)
    if (stale) return stale
  }
  if (!outcome) return handOff(core, liveAnswer(task), task.origin.scope)
  // The work's own error goes out unchanged (R4), not as it would be rebuilt from the record.
  if (outcome.status === 'failed') throw outcome.thrown
  return answerOrThrow(settledAnswer(task, outcome))
}

function handOff(core: Core, answer: LiveAnswer<unknown>, scope: string): LiveAnswer<unknown> {
  const { ref, name, title } = answer
  core.events.emit('handoff', { ref, name, title, scope })
  return answer
}

/** Waits for: an outcome that is stored, the window's end with something to give, or another task for the key. */
function answerable(task: LiveTask, deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let windowOver = false
    let stopTimer = () => {}
    const look = () => {
      if (task.released || task.standing || (windowOver && (task.outcome || task.recorded))) settle(resolve)
    }
    const settle = (how: () => void) => {
      stopTimer()
      unwatch()
      how()
    }
    const endWindow = () => {
      windowOver = true
      const { timeout } = task.origin.spec
      stopTimer = startTimer(Math.min(timeout, UNRECORDED_WAIT_MS), () =>
        settle(() => reject(unrecorded(task))),
      )
      look()
    }
    const unwatch = task.watch(look)
    const leftMs = deadline - Date.now()
    if (leftMs > 0) stopTimer = startTimer(leftMs, endWindow)
    else endWindow()
  })
}

/** The key has a task elsewhere, or a fresh outcome in the store. */
async function answerStanding(
  core: Core,
  task: LiveTask,
  standing: StoredTask,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  if (isLive(standing)) return answerElsewhere(core, task, standing, deadline)
  if (standing.status === 'failed' && standing.error) throw reviveError(standing.error)
  const found = await core.values.get(standing.ref, standing.run)
  if (found) return remember(core, task, standing, found.value)
  // The record outlived its value, so it answers nothing: compute it anew.
  const again = core.live.get(task.origin.keyText) ?? beginTask(core, task.origin, true)
  return waitForAnswer(core, again, deadline)
}

async function answerElsewhere(
  core: Core,
  task: LiveTask,
  { ref, scope }: StoredTask,
  deadline: number,
): Promise<CallAnswer<unknown>> {
  const answer = await redeem(core, ref, scope, deadline)
  if (answer.status === 'complete') return answer
  const stale = await staleAnswer(core, task.origin, ref)
  if (stale) return stale
  const given = answerOrThrow(answer)
  return given.status === 'complete' ? given : handOff(core, given, scope)
}

function remember(core: Core, task: LiveTask, record: StoredTask, value: unknown): CallAnswer<unknown> {
  const answer = completeAnswer(record, value)
  const until = Math.min(record.freshUntil ?? 0, Date.now() + core.memoryTtl)
  core.hits.set(task.origin.keyText, { answer, until })
  const { ref, name, title, scope } = record
  core.events.emit('hit', { ref, name, title, scope })
  return answer
}

function unrecorded({ origin }: LiveTask): RaincheckError {
  return new RaincheckError(
    'STORE_UNAVAILABLE',
    `${origin.spec.name} is not done, and the store did not take its record, so no ref can be given; ` +
      'check the store, then make the call again',
  )
}
