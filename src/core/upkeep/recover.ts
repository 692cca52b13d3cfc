import type { FunctionSpec } from '../options/function-options.js'
import type { Engine, RegisteredFunction, Resumed } from '../task/engine.js'
import { LiveTask } from '../task/live-task.js'
import { isResumable } from '../task/record.js'
import { runTask } from '../task/run.js'
import { interruption } from '../task/settle.js'
import { isAsking } from '../words/questions.js'
import type { Ref } from '../words/ref.js'
import type { StoredTask } from '../words/task-store.js'

/** A task that takes its process down each time must not go on for ever. */
const MOST_INTERRUPTIONS = 5

/** The same for one that does so before anybody could write down that it had started. */
const MOST_RUNS = 100

/**
 * Takes over what nobody holds and this process knows the function of, and runs it.
 * @param waiting Whether to take what would have to wait for a slot, too.
 * @returns The refs of that.
 */
export async function recover(engine: Engine, waiting: boolean): Promise<Ref[]> {
  const taken: Ref[] = []
  for (const record of await engine.tasks.unheld()) {
    if (engine.closed) break
    if (!waiting && isFull(engine, record)) continue
    if ((await resumeOrEnd(engine, record)) === 'taken') taken.push(record.ref)
  }
  return taken
}

/** For a live task that nobody holds: runs it here, leaves it to those who know its function, or settles it. */
export async function resumeOrEnd(engine: Engine, record: StoredTask): Promise<Resumed> {
  if (isAsking(record.questions)) return 'left'
  if (isResumable(record) && !isWornOut(record)) {
    const caller = engine.find(record)
    if (caller) return (await takeOver(engine, record, caller)) ? 'taken' : 'changed'
    if (record.place !== undefined) return 'left'
  }
  await engine.tasks.interrupt(record.ref, record.term, interruption(engine))
  return 'changed'
}

function isFull(engine: Engine, record: StoredTask): boolean {
  return (engine.find(record)?.spec.backend.stats().waiting ?? 0) > 0
}

/** Counts the interruption that it has now; one that was left by its process, or waited there, has none. */
function isWornOut({ term, interruptions, owner, status }: StoredTask): boolean {
  const now = owner !== '' && status === 'processing' ? 1 : 0
  return interruptions + now >= MOST_INTERRUPTIONS || term >= MOST_RUNS
}

async function takeOver(
  engine: Engine,
  { ref, term }: StoredTask,
  { spec }: RegisteredFunction,
): Promise<boolean> {
  const { tasks, lease, losses } = engine
  if (tasks.shared) await lease.hold()
  let standing: StoredTask | undefined
  try {
    standing = await tasks.takeOver(ref, term, lease.owner)
    // Of a store that was lost meanwhile.
    if (losses !== engine.losses) standing = undefined
  } finally {
    if (!standing && tasks.shared) lease.drop()
  }
  if (!standing) return false
  runAgain(engine, standing, spec)
  return true
}

function runAgain(engine: Engine, standing: StoredTask, spec: FunctionSpec): void {
  const { ref, scope, title, metadata, priority, input = '' } = standing
  // Calls for its key find it in the store: its key is not made again, since that may read what is gone.
  const keyText = `taken over: ${ref}`
  const origin = { spec, keyText, scope, title, metadata, priority, retries: spec.retries }
  const task = new LiveTask({ ...origin, input: engine.serializer.parse(input) }, standing)
  engine.registry.addTakenOver(task)
  if (engine.tasks.shared) engine.cancellations.start()
  engine.context.runInAsyncScope(() => runTask(engine, task))
}
