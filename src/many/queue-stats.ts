import type { BackendStats, Queue } from '../index.js'

/** What waits and runs in all of them together; paused is what all are. */
export function queueStats(queues: readonly Queue[]): BackendStats {
  const all = queues.map((queue) => queue.stats())
  const sum = (of: 'waiting' | 'running' | 'abandoned') => all.reduce((total, one) => total + one[of], 0)
  return {
    ...{ waiting: sum('waiting'), running: sum('running'), abandoned: sum('abandoned') },
    // Where there is no queue nothing is held up.
    paused: all.length > 0 && all.every(({ paused }) => paused),
  }
}
