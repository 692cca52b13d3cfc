import type { Engine } from '../task/engine.js'
import { completeAnswer, type LiveTask } from '../task/live-task.js'
import { isEnded, isLeft } from '../task/state.js'
import { onSignal } from '../words/abort.js'
import type { Answer } from '../words/answer.js'
import { RaincheckError } from '../words/errors.js'
import { isAsking } from '../words/questions.js'
import { isRef, type Ref } from '../words/ref.js'
import { isLive, type StoredTask } from '../words/task-store.js'
import { pause, startTimer } from '../words/timers.js'
import { answerFromRecord, liveAnswer, settledAnswer } from './answers.js'

/** The first wait between two looks at another process's task and the longest one, in milliseconds. */
const FIRST_LOOK_MS = 20
const LAST_LOOK_MS = 250

/** How long the store may be unavailable, in milliseconds, before a caller waiting for another process's task gets an error. */
const AWAY_MS = 30_000

/**
 * Answers for a ref: at once when its task has settled, else when it settles or at the deadline.
 * @param deadline Milliseconds since 1970; one that has passed asks for the answer of this moment.
 * @param signal Ends the waiting, which then rejects with its reason.
 * @throws RaincheckError `REF_NOT_FOUND` for what is unknown, expired or another scope's: nothing tells them apart.
 */
export async function redeem(
  engine: Engine,
  ref: Ref,
  scope: string,
  deadline: number,
  signal?: AbortSignal,
): Promise<Answer<unknown>> {
  if (!isRef(ref)) throw notFound(ref)
  let lastSeen = Date.now()
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LAST_LOOK_MS, lookMs * 1.5)) {
    signal?.throwIfAborted()
    const own = engine.registry.get(ref)
    const known = own && (await redeemOwn(own, scope, deadline, signal))
    if (known) return known
    const answer = await look(engine, ref, scope, Math.min(deadline, lastSeen + AWAY_MS))
    if (answer) lastSeen = Date.now()
    const leftMs = deadline - Date.now()
    if (answer && (!isLive(answer) || leftMs <= 0 || isToBeAnswered(answer, deadline))) return answer
    if (engine.closed)
      throw new RaincheckError('CLOSED', 'this raincheck was closed while it waited; poll with another')
    await pause(Math.min(lookMs, leftMs), signal)
  }
}

/** Whoever waits may have to answer. Without an end to the wait somebody else has. */
function isToBeAnswered(answer: Answer<unknown>, deadline: number): boolean {
  return 'requests' in answer && deadline !== Number.POSITIVE_INFINITY
}

/** What the store says; undefined when it fails and there is time to look again. */
async function look(
  engine: Engine,
  ref: Ref,
  scope: string,
  deadline: number,
): Promise<Answer<unknown> | undefined> {
  try {
    return await redeemStored(engine, ref, scope)
  } catch (error) {
    const isAway = error instanceof RaincheckError && error.code === 'STORE_UNAVAILABLE'
    if (!isAway || Date.now() >= deadline) throw error
    engine.events.emit('store-error', { error, ref })
    return undefined
  }
}

/**
 * The record of a task of this scope, of this moment.
 * @throws RaincheckError `REF_NOT_FOUND`
 */
export async function readTask(engine: Engine, ref: Ref, scope: string): Promise<StoredTask> {
  if (!isRef(ref)) throw notFound(ref)
  for (;;) {
    const stored = await engine.tasks.get(ref)
    if (!stored || stored.scope !== scope || isExpired(stored)) throw notFound(ref)
    if (stored.held || !isLive(stored)) return stored
    if ((await engine.resumeOrEnd(stored)) === 'left') return stored
  }
}

/** What the store says of a ref at this moment. */
async function redeemStored(engine: Engine, ref: Ref, scope: string): Promise<Answer<unknown>> {
  // Asked for together: in a shared store the way there and back takes longer than the reading.
  const firstValue = engine.tasks.shared ? engine.values.get(ref, 1) : undefined
  firstValue?.catch(() => {})
  const stored = await readTask(engine, ref, scope)
  // It may have been taken over by that; then more is known of it here.
  const own = engine.registry.get(ref)
  if (own && isLive(stored)) return liveAnswer(own)
  if (stored.status !== 'complete') return answerFromRecord(stored)
  // Read again if the task settled between the two, or was run by another process.
  const early = stored.term === 1 ? await firstValue : undefined
  const found = early ?? (await engine.values.get(ref, stored.term))
  if (!found) throw notFound(ref)
  return completeAnswer(stored, found.value, stored.settledAt)
}

/** Follows a task of this process in memory. @returns Undefined for one that goes on elsewhere. */
async function redeemOwn(
  task: LiveTask,
  scope: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Answer<unknown> | undefined> {
  // A caller who never stops waiting does not get what the task asks: somebody else may answer.
  if (deadline === Number.POSITIVE_INFINITY && isAsking(task.questions)) return undefined
  if (task.origin.scope !== scope) throw notFound(task.ref)
  await changeOrTime(task, isFollowed, deadline - Date.now(), signal)
  // As a call does, so that what was answered is there after a crash. It takes no longer than a store may take to answer.
  await changeOrTime(task, isBeingStored, Number.POSITIVE_INFINITY, signal)
  signal?.throwIfAborted()
  if (task.outcome) return settledAnswer(task, task.outcome)
  return task.phase === 'deferred' ? undefined : liveAnswer(task)
}

/** Whether there is more to come of a task, here. */
function isFollowed(task: LiveTask): boolean {
  return !task.outcome && !isLeft(task) && !isEnded(task)
}

/** Whether the first try to store its outcome is under way. */
function isBeingStored({ phase }: LiveTask): boolean {
  return phase === 'settling'
}

/** Resolves once something is so no more of a task, or the time is over. */
function changeOrTime(
  task: LiveTask,
  isSo: (task: LiveTask) => boolean,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!isSo(task) || ms <= 0 || signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const watcher = { onChange: () => isSo(task) || end() }
    const end = () => {
      stopTimer()
      stopListening?.()
      task.unwatch(watcher)
      resolve()
    }
    const stopTimer = startTimer(ms, end)
    const stopListening = signal && onSignal(signal, end)
    task.watch(watcher)
  })
}

function isExpired({ status, expiresAt }: StoredTask): boolean {
  return !isLive({ status }) && expiresAt <= Date.now()
}

function notFound(ref: unknown): RaincheckError {
  return new RaincheckError(
    'REF_NOT_FOUND',
    `no task is known by the ref ${String(ref)}: it is mistyped, has expired, or belongs to someone else; make the call again`,
  )
}
