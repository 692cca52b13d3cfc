import type { FunctionSpec } from '../options/function-options.js'
import type { Core, RegisteredFunction, Resumed } from '../task/engine.js'
import { interruption } from '../task/interruption.js'
import { LiveTask } from '../task/live-task.js'
import { runTask } from '../task/run.js'
import { isAsking } from '../words/questions.js'
import type { Ref } from '../words/ref.js'
import { isResumable, type StoredTask } from '../words/task-store.js'

/** A task that takes its process down each time must not go on for ever (R20 of the design). */
const MOST_INTERRUPTIONS = 5

/** The same for one that does so before anybody could write down that it had started. */
const MOST_RUNS = 100

/**
 * Takes over what nobody holds and this process knows the function of, and runs it.
 * @param waiting Whether to take what would have to wait for a slot, too.
 * @returns The refs of that.
 */
export async function recover(core: Core, waiting: boolean): Promise<Ref[]> {
  const taken: Ref[] = []
  for (const record of await core.tasks.unheld()) {
    if (core.closed) break
    if (!waiting && isFull(core, record)) continue
    if ((await resumeOrEnd(core, record)) === 'taken') taken.push(record.ref)
  }
  return taken
}

/** For a live task that nobody holds: runs it here, leaves it to those who know its function, or settles it. */
export async function resumeOrEnd(core: Core, record: StoredTask): Promise<Resumed> {
  if (isAsking(record.questions)) return 'left'
  if (isResumable(record) && !isWornOut(record)) {
    const caller = core.find(record)
    if (caller) return (await takeOver(core, record, caller)) ? 'taken' : 'changed'
    if (record.config !== undefined) return 'left'
  }
  await core.tasks.interrupt(record.ref, record.run, interruption(core))
  return 'changed'
}

function isFull(core: Core, record: StoredTask): boolean {
  return (core.find(record)?.spec.backend.stats().waiting ?? 0) > 0
}

/** Counts the interruption that it has now; one that was left by its process, or waited there, has none. */
function isWornOut({ run, interruptions, owner, status }: StoredTask): boolean {
  const now = owner !== '' && status === 'processing' ? 1 : 0
  return interruptions + now >= MOST_INTERRUPTIONS || run >= MOST_RUNS
}

async function takeOver(
  core: Core,
  { ref, run }: StoredTask,
  { spec }: RegisteredFunction,
): Promise<boolean> {
  const { tasks, lease } = core
  await lease.hold()
  let standing: StoredTask | undefined
  try {
    standing = await tasks.takeOver(ref, run, lease.owner)
  } finally {
    if (!standing) lease.drop()
  }
  if (!standing) return false
  runAgain(core, standing, spec)
  return true
}

function runAgain(core: Core, standing: StoredTask, spec: FunctionSpec): void {
  const { ref, scope, title, priority, input = '' } = standing
  // Calls for its key find it in the store: its key is not made again, since that may read what is gone.
  const origin = { spec, keyText: `taken over: ${ref}`, scope, title, priority, retries: spec.retries }
  const task = new LiveTask({ ...origin, input: core.serializer.parse(input) }, standing)
  core.own.set(ref, task)
  core.revocations.start()
  runTask(core, task)
}
