import type { ConfigChanges } from '../../index.js'
import type { CliStore } from './store.js'

/** With a Redis server, the tasks of a config file's functions are given to its queue, and run by its workers. */
export async function redisChanges({ redis }: Pick<CliStore, 'redis'>): Promise<ConfigChanges> {
  if (redis === undefined) return {}
  const { bullmq } = await import('../../backends/bullmq/index.js')
  return { store: redis, backend: () => bullmq({ connection: redis, concurrency: 0 }) }
}
