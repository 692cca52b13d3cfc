import { afterAll, beforeAll, describe, it } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript.
import { inProcess } from '../../dist/backends/in-process.js'
import { bullmq } from '../../dist/bullmq/index.js'
import { processPool } from '../../dist/index.js'
import { backendContract } from '../../dist/testing/index.js'
import { hasRedis, RedisServer } from '../support/redis.js'

const all = { perScope: true, rateLimit: true }
backendContract(
  { describe, it },
  { name: 'in-process', ...all, make: () => ({ backend: inProcess({ concurrency: 2 }) }) },
)
backendContract(
  { describe, it },
  { name: 'process pool', ...all, make: () => ({ backend: processPool({ size: 2 }) }) },
)

describe.skipIf(!hasRedis)('on a Redis server', () => {
  let redis: RedisServer
  let queues = 0
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterAll(() => redis.stop())

  backendContract(
    { describe, it },
    {
      name: 'BullMQ',
      perScope: false,
      rateLimit: true,
      make: () => ({
        backend: bullmq({ connection: redis.url, queue: `contract-${queues++}`, concurrency: 2 }),
      }),
    },
  )
})
