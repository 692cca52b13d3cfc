import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { SqliteFile } from '../../../src/stores/sqlite/connection.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { sqliteTaskStore } from '../../../src/stores/sqlite/sqlite.js'
import { joining, settlement, storedTask } from '../../../src/testing/stored-task.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

it('a task that stood in the way, and is gone when it is to be read, is in the way no longer', async () => {
  const file = sqliteFile(join(await temporaryFolder(), 'a.db'))
  onTestFinished(() => file.close())
  const store = sqliteTaskStore(file)
  const first = storedTask()
  await store.start(first, joining())
  const meanwhile: SqliteFile = {
    ...file,
    query: async (sql, parameters) => {
      if (sql.startsWith('SELECT')) {
        await store.settle(first.ref, 1, settlement())
        await store.remove(first.ref)
      }
      return file.query(sql, parameters)
    },
  }
  const second = storedTask({ key: first.key })
  expect((await sqliteTaskStore(meanwhile).start(second, joining())).ref).toBe(second.ref)
  expect((await store.get(second.ref))?.status).toBe('pending')
})
