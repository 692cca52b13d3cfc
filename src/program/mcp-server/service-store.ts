import type { StoreOption } from '../../index.js'

/**
 * Where a server keeps its tasks: that of the command line or a config file, else that of the data directory, or memory (undefined) where SQLite
 * has no driver. A server that nobody configured is of use without the rest; functions of a config file may count on theirs.
 * @returns Asked at the first use, since it may load a driver.
 * @throws RaincheckError `MISSING_PEER` for a file that was given.
 */
export async function serviceStore(
  given: StoreOption | undefined,
): Promise<() => Promise<StoreOption | undefined>> {
  if (given === undefined) {
    let store: Promise<StoreOption | undefined> | undefined
    return () => {
      store ??= dataDirectoryOrMemory()
      return store
    }
  }
  const { storeFile } = await import('../../index.js')
  if (storeFile(given) !== undefined) await loadDriver()
  return async () => given
}

async function dataDirectoryOrMemory(): Promise<'sqlite' | undefined> {
  try {
    await loadDriver()
    return 'sqlite'
  } catch (error) {
    const { message } = error as Error
    process.stderr.write(`raincheck: tasks are kept in memory until this server ends: ${message}\n`)
    return undefined
  }
}

async function loadDriver(): Promise<void> {
  const { sqliteDriver } = await import('../../stores/sqlite/driver.js')
  await sqliteDriver().load()
}
