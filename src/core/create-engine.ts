import { AsyncResource } from 'node:async_hooks'
import { Cancellations } from './task/cancellations.js'
import type { Engine, FindFunction } from './task/engine.js'
import { Lease } from './task/lease.js'
import { onLostStore } from './task/lost-store.js'
import { RecentHits } from './task/recent-hits.js'
import { Registry } from './task/registry.js'
import { Unstored } from './task/unstored.js'
import { resumeOrEnd } from './upkeep/recover.js'
import { sweeper } from './upkeep/sweep.js'
import { withDeadlines } from './values/task-store-deadlines.js'
import { Abort } from './words/abort.js'
import { Events } from './words/events.js'
import type { Hits } from './words/hits.js'

/** What an engine is made of. */
export interface EngineOptions
  extends Pick<
    Engine,
    'tasks' | 'values' | 'serializer' | 'retention' | 'maxEntries' | 'memoryTtl' | 'waitingLimit'
  > {
  /** Says that `tasks` never waits, so that its calls need no deadline. */
  immediate?: boolean
  /** Opens what `tasks` are in, before the first use, and by a limit of its own. @default nothing is to be opened */
  openStore?: () => Promise<unknown>
  /** Where a store in memory keeps hits. @default the ones used last, `maxEntries` at most */
  hits?: Hits
}

export function createEngine(options: EngineOptions, find: FindFunction): Engine {
  const { values, serializer, retention, maxEntries, memoryTtl, waitingLimit } = options
  const tasks = options.immediate ? options.tasks : withDeadlines(options.tasks, options.openStore)
  const events = new Events()
  const lease = new Lease(tasks, events)
  const registry = new Registry(tasks.shared ? lease : undefined)
  const recentHits = new RecentHits(maxEntries)
  const hits = options.hits ?? recentHits
  const closing = new Abort()
  const engine: Engine = {
    ...{
      tasks,
      values,
      serializer,
      retention,
      maxEntries,
      memoryTtl,
      waitingLimit,
      events,
      lease,
      registry,
      hits,
      find,
      closing,
    },
    unstored: new Unstored(),
    settled: 0,
    forgets: 0,
    losses: 0,
    sweep: sweeper({ tasks, values, maxEntries, events, closing, hits, registry }),
    cancellations: new Cancellations({ tasks, lease, registry, events }),
    context: new AsyncResource('raincheck', { requireManualDestroy: true }),
    resumeOrEnd: (record) => resumeOrEnd(engine, record),
    closed: false,
  }
  tasks.onLost?.((error) => {
    recentHits.clear()
    onLostStore(engine, error)
  })
  return engine
}
