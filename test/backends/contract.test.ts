import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bullmq } from '../../dist/backends/bullmq/index.js'
// The built package: a child process of the pool cannot load TypeScript.
import { inProcess } from '../../dist/backends/in-process/in-process.js'
import { processPool } from '../../dist/index.js'
import { waitForFile } from '../../dist/testing/contract-functions.js'
import { backendContract } from '../../dist/testing/index.js'
import { hasRedis, RedisServer } from '../support/redis.js'
import { temporaryFolder } from '../support/temporary-folder.js'

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

describe('the functions of the contract', () => {
  it('end with the folder of their test, also where no backend can stop them', async () => {
    const folder = await temporaryFolder()
    const started = `${folder}/0.started`
    const running = waitForFile({ started, until: `${folder}/0.until` })
    await rm(folder, { recursive: true })
    expect(await running).toBe(started)
  })
})
