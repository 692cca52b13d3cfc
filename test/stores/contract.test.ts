import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { Keyv } from 'keyv'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { defaultSerializer } from '../../src/core/values/serializer.js'
import { createValueStore } from '../../src/core/values/value-store.js'
import { keyvTaskStore } from '../../src/stores/keyv-records.js'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { keyvOn, openStores } from '../../src/stores/open.js'
import { redisTaskStore } from '../../src/stores/redis/redis.js'
import { redisServer } from '../../src/stores/redis/server.js'
import type { Driver, SqliteFile } from '../../src/stores/sqlite/connection.js'
import { drivers } from '../../src/stores/sqlite/driver.js'
import { sqliteFile } from '../../src/stores/sqlite/file.js'
import { sqliteTaskStore } from '../../src/stores/sqlite/sqlite.js'
import { valuesIn } from '../../src/stores/sqlite/values.js'
import { type TaskStoreFixture, taskStoreContract } from '../../src/testing/index.js'
import { hasRedis, RedisServer } from '../support/redis.js'
import { temporaryFolder } from '../support/temporary-folder.js'

taskStoreContract(
  { describe, it },
  {
    name: 'memory',
    shared: false,
    keepsValues: false,
    make: () => ({ store: memoryTaskStore(), cleanUp: () => {} }),
  },
)

taskStoreContract(
  { describe, it },
  {
    name: 'any Keyv',
    shared: false,
    keepsValues: false,
    make: () => ({ store: keyvTaskStore(new Keyv({ throwOnErrors: true })), cleanUp: () => {} }),
  },
)

/** Those that this Node has, each on files of its own. */
const sqliteDrivers = Object.entries(drivers).filter(
  ([, { transactions }]) => !transactions || isBuiltin('node:sqlite'),
)

for (const [name, driver] of sqliteDrivers)
  taskStoreContract(
    { describe, it },
    {
      name: `SQLite (${name})`,
      shared: true,
      keepsValues: driver.transactions,
      make: () => inFile(driver),
    },
  )

async function inFile(driver: Driver): Promise<TaskStoreFixture> {
  const path = join(await temporaryFolder(), 'tasks.db')
  const files: SqliteFile[] = []
  const open = () => {
    const file = sqliteFile(path, driver)
    files.push(file)
    return sqliteTaskStore(file)
  }
  return {
    store: open(),
    another: open,
    readValue: async (ref, term) => {
      const [file] = files as [SqliteFile]
      const values = createValueStore(
        keyvOn((use) => use(valuesIn(file))),
        defaultSerializer,
      )
      return (await values.get(ref, term))?.value
    },
    cleanUp: async () => void (await Promise.all(files.map((file) => file.close()))),
  }
}

describe.skipIf(!hasRedis)('on a Redis server', () => {
  let redis: RedisServer
  let databases = 0

  beforeAll(async () => {
    redis = await RedisServer.start('--databases', '100')
  })
  afterAll(() => redis.stop())

  taskStoreContract(
    { describe, it },
    { name: 'Redis', shared: true, keepsValues: true, make: () => inDatabase() },
  )

  function inDatabase(): TaskStoreFixture {
    const url = `${redis.url}/${databases++}` as const
    const stores = openStores(url)
    const values = createValueStore(stores.values, defaultSerializer)
    const servers: ReturnType<typeof redisServer>[] = []
    const open = () => {
      const server = redisServer(url)
      servers.push(server)
      return redisTaskStore(server)
    }
    return {
      store: open(),
      another: open,
      readValue: async (ref, run) => (await values.get(ref, run))?.value,
      cleanUp: async () => {
        await Promise.all([stores.close(), ...servers.map((server) => server.close())])
      },
    }
  }
})
