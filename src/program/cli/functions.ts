import { type Cached, openConfig, type Raincheck } from '../../index.js'
import { openBundled } from '../documents/open-bundled.js'
import { redisChanges } from './redis-changes.js'
import { type CliStore, findConfig, findStore } from './store.js'

/** A raincheck of this command, with its functions by their names. */
export interface CliFunctions {
  rain: Raincheck
  functions: Map<string, Cached<unknown, unknown>>
  /** Whether its tasks go to a queue that other processes run, so that none of them runs here. */
  queued: boolean
}

/** The functions of the config file, if there is one, and the bundled ones. All are on one store. */
export async function openFunctions(version: string): Promise<{ store: CliStore; all: CliFunctions[] }> {
  const store = await findStore()
  const { rain, convert, convertFile, convertFiles } = openBundled(version, { store: store.option })
  const bundled = [convert, convertFile, convertFiles] as Cached<unknown, unknown>[]
  const functions = new Map(bundled.map((one) => [one.name, one]))
  const all: CliFunctions[] = [{ rain, functions, queued: false }]
  const config = findConfig()
  if (config !== undefined) {
    const opened = await openConfig(config, await redisChanges(store))
    all.unshift({ ...opened, queued: store.redis !== undefined })
  }
  return { store, all }
}

/** Closes those that are not needed. */
export async function closeOthers(all: readonly CliFunctions[], kept?: CliFunctions): Promise<void> {
  await Promise.all(all.filter((one) => one !== kept).map(({ rain }) => rain.close()))
}
