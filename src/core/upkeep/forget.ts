import { readTask } from '../refs/redeem.js'
import type { Engine } from '../task/engine.js'
import type { Ref } from '../words/ref.js'
import { cancel } from './cancel.js'

/** Removes a task and its value, after cancelling it where it is live. Its ref is then unknown. */
export async function forget(engine: Engine, ref: Ref, scope: string): Promise<void> {
  await cancel(engine, ref, scope)
  const { registry } = engine
  await registry.get(ref)?.until(() => registry.get(ref) === undefined)
  const { term } = await readTask(engine, ref, scope)
  engine.hits.forgetTasks([{ ref }])
  await engine.tasks.remove(ref)
  await engine.values.remove([{ ref, term }])
}
