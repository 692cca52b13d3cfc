import type { RaincheckError } from '../words/errors.js'
import type { Engine } from './engine.js'
import { recordAgain } from './lifecycle.js'

/**
 * The records of this process are gone with their store. Its live tasks are recorded where others find them now; until that is done nobody gets their
 * refs. What had settled is lost: this process does not keep it.
 */
export function onLostStore(engine: Engine, error: RaincheckError): void {
  const { registry, lease, events } = engine
  engine.losses++
  lease.lose(() => letGoOfOlder(engine))
  for (const task of registry.all()) {
    if (task.record !== 'ours') continue
    task.recordTo('lost')
    lease.drop()
    recordAgain(engine, task)
  }
  events.emit('store-error', { error })
}

/**
 * A copy of the store from before may have tasks under the lease of this process that have settled since: nobody would run them as long as that is
 * renewed.
 */
async function letGoOfOlder({ tasks, lease, registry }: Engine): Promise<void> {
  await tasks.release(lease.owner)
  for (const { ref, term, owner } of await tasks.unheld())
    if (owner === lease.owner && !registry.get(ref)) await tasks.leave(ref, term)
}
