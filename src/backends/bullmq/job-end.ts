import { RaincheckError } from '../../core/words/errors.js'
import type { Failure, Returned } from './job-data.js'
import type { QueueLink } from './link.js'

/** The text of a value; null when it is there no longer. */
export async function textOf(
  link: QueueLink,
  returned: Exclude<Returned, { asks: unknown }>,
): Promise<string | null> {
  if ('text' in returned) return returned.text
  const { redis } = await link.open()
  return redis.get(returned.key)
}

/** The failed attempts of a job, oldest first. */
export async function failuresOf(link: QueueLink, id: string): Promise<readonly Failure[]> {
  const { queue } = await link.open()
  return (await queue.getJob(id))?.data.failures ?? []
}

/** Without a failure of its own a job fails only by its workers. */
export function interruptedTooOften(reason: string): RaincheckError {
  return new RaincheckError(
    'INTERRUPTED',
    `the processes that ran the task ended before it was done, too often to try again (${reason}); look for what ends them`,
  )
}
