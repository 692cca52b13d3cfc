import { join } from 'node:path'
import { describe, it } from 'vitest'
import { memoryTaskStore } from '../../src/stores/memory.js'
import { sqliteTaskStore } from '../../src/stores/sqlite.js'
import { sqliteFile } from '../../src/stores/sqlite-file.js'
import { type TaskStoreFixture, taskStoreContract } from '../../src/testing/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

taskStoreContract(
  { describe, it },
  { name: 'memory', shared: false, make: () => ({ store: memoryTaskStore(), cleanUp: () => {} }) },
)

taskStoreContract({ describe, it }, { name: 'SQLite', shared: true, make: inFile })

async function inFile(): Promise<TaskStoreFixture> {
  const path = join(await temporaryFolder(), 'tasks.db')
  const files = [sqliteFile(path)]
  const open = () => {
    const file = sqliteFile(path)
    files.push(file)
    return sqliteTaskStore(file)
  }
  return {
    store: open(),
    another: open,
    cleanUp: async () => void (await Promise.all(files.map((file) => file.close()))),
  }
}
