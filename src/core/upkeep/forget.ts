import { readTask } from '../refs/redeem.js'
import type { Core } from '../task/engine.js'
import type { Ref } from '../words/ref.js'
import { cancel } from './cancel.js'

/** Removes a task and its value, after cancelling it where it is live. Its ref is then unknown. */
export async function forget(core: Core, ref: Ref, scope: string): Promise<void> {
  await cancel(core, ref, scope)
  const own = core.own.get(ref)
  if (own) await own.until(() => !core.own.has(ref))
  const { run } = await readTask(core, ref, scope)
  for (const [key, { answer }] of core.hits.entries()) if (answer.ref === ref) core.hits.delete(key)
  await core.tasks.remove(ref)
  await core.values.remove([{ ref, run }])
}
