import type { Cached, Raincheck } from '../../index.js'
import { redisChanges } from './redis-changes.js'
import { type CliStore, findConfig, findStore } from './store.js'

/** A raincheck of this command, with its functions by their names. */
export interface CliFunctions {
  rain: Raincheck
  functions: Map<string, Cached<unknown, unknown>>
  /** Whether its tasks go to a queue that other processes run, so that none of them runs here. */
  queued: boolean
}

/**
 * The functions of the config file, if there is one, and the bundled ones. All are on one store.
 * @param name The one function that is wanted: where the config file has it, the bundled ones are left out.
 */
export async function openFunctions(
  version: string,
  name?: string,
): Promise<{ store: CliStore; all: CliFunctions[] }> {
  const store = await findStore()
  const own = await openOwn(store)
  if (own && name !== undefined && own.functions.has(name)) return { store, all: [own] }
  const bundled = await openBundledOn(store, version)
  return { store, all: own ? [own, bundled] : [bundled] }
}

async function openOwn(store: CliStore): Promise<CliFunctions | undefined> {
  const config = findConfig()
  if (config === undefined) return undefined
  const { openConfig } = await import('../../index.js')
  const opened = await openConfig(config, await redisChanges(store))
  return { ...opened, queued: store.redis !== undefined }
}

async function openBundledOn({ option }: CliStore, version: string): Promise<CliFunctions> {
  const { openBundled } = await import('../documents/open-bundled.js')
  const { rain, convert, convertFile, convertFiles } = openBundled(version, { store: option })
  const bundled = [convert, convertFile, convertFiles] as Cached<unknown, unknown>[]
  return { rain, functions: new Map(bundled.map((one) => [one.name, one])), queued: false }
}

/** Closes those that are not needed. */
export async function closeOthers(all: readonly CliFunctions[], kept?: CliFunctions): Promise<void> {
  await Promise.all(all.filter((one) => one !== kept).map(({ rain }) => rain.close()))
}
