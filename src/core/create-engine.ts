import { LRUCache } from 'lru-cache'
import type { Parts } from './parts.js'
import { RevocationWatch } from './task/cancellations.js'
import type { Core, FindFunction, Hit } from './task/engine.js'
import { Lease } from './task/lease.js'
import { withDeadlines } from './task-store-deadlines.js'
import { resumeOrEnd } from './upkeep/recover.js'
import { Sweeper } from './upkeep/sweeper.js'
import { Abort } from './words/abort.js'
import { Events } from './words/events.js'

export function createCore(parts: Parts, find: FindFunction): Core {
  const { values, serializer, retention, maxEntries, memoryTtl } = parts
  const tasks = withDeadlines(parts.tasks)
  const events = new Events()
  const core: Core = {
    ...{ tasks, values, serializer, retention, maxEntries, memoryTtl, events },
    lease: new Lease(tasks, events),
    own: new Map(),
    live: new Map(),
    hits: new LRUCache<string, Hit>({ max: maxEntries }),
    get revocations() {
      return revocations
    },
    find,
    resumeOrEnd: (record) => resumeOrEnd(core, record),
    onSettled: () => sweeper.onSettled(),
    closed: false,
    closing: new Abort(),
  }
  const revocations = new RevocationWatch(core)
  const sweeper = new Sweeper(core)
  return core
}
