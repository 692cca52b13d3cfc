import { withinDeadline } from '../../core/words/timers.js'
import { loadPeers, QueueLink, type RedisOptions } from './link.js'

/** What a queue holds, on all machines. */
export interface QueueState {
  /** Jobs that wait for a process, or for their next attempt. */
  waiting: number
  /** Jobs that a process has. */
  running: number
  /** Processes that take jobs. */
  workers: number
  /** Whether no process takes jobs until it is resumed. */
  paused: boolean
}

/**
 * Looks at a queue, after pausing or resuming it where that is asked for.
 * @param options As for `bullmq`.
 * @throws RaincheckError `STORE_UNAVAILABLE` when the server does not answer within 5 s; `MISSING_PEER`.
 */
export async function inspectQueue(
  options: { connection: string | RedisOptions; queue?: string },
  action?: 'pause' | 'resume',
): Promise<QueueState> {
  // Before the deadline begins: on a busy machine that takes long.
  await loadPeers()
  const link = new QueueLink(options.queue ?? 'raincheck', options.connection, undefined)
  try {
    return await withinDeadline('show its queue', look(link, action))
  } finally {
    await link.close()
  }
}

async function look(link: QueueLink, action: 'pause' | 'resume' | undefined): Promise<QueueState> {
  const { queue } = await link.open()
  if (action !== undefined) await queue[action]()
  const [counts, workers, paused] = await Promise.all([
    queue.getJobCounts('prioritized', 'waiting', 'delayed', 'active'),
    queue.getWorkersCount(),
    queue.isPaused(),
  ])
  const { prioritized = 0, waiting = 0, delayed = 0, active = 0 } = counts
  return { waiting: prioritized + waiting + delayed, running: active, workers, paused }
}
