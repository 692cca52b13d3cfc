import { LRUCache } from 'lru-cache'
import { Abort } from './abort.js'
import type { Core, FindFunction, Hit } from './core.js'
import { Events } from './events.js'
import { Lease } from './lease.js'
import type { Parts } from './parts.js'
import { resumeOrEnd } from './recover.js'
import { RevocationWatch } from './revocation-watch.js'
import { Sweeper } from './sweeper.js'
import { withDeadlines } from './task-store-deadlines.js'

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
