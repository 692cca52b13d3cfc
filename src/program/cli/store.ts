import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Raincheck, RedisUrl, StoreOption } from '../../index.js'
import { configStore } from '../../read-config.js'
import { openReader, type TaskReader } from '../../read-tasks.js'
import { storeFile } from '../../stores/data-directory.js'
import { isRedisUrl } from '../../stores/redis/address.js'
import { startMissingWorker } from '../worker/missing-worker.js'
import { watchStdout } from './stdout.js'

/** Where the tasks of this command are kept. */
export interface CliStore {
  option: StoreOption
  /** Its file; undefined for a store that is none. */
  file: string | undefined
  /** Its server, which has the queue, too; undefined for a store that is on none. */
  redis: RedisUrl | undefined
}

const names = ['raincheck.config.js', 'raincheck.config.mjs', 'raincheck.config.ts']

/**
 * The config file of the working directory, or of the nearest folder above that has one.
 * @throws Error when one above is another user's: whoever may write to such a folder would choose what runs here.
 */
export function findConfig(): string | undefined {
  const here = process.cwd()
  for (let folder = here; ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (found !== undefined && folder !== here && isForeign(found))
      throw new Error(`${found} belongs to another user, and would be run; to use it, go to its folder`)
    // What it prints is its own affair.
    if (found !== undefined) watchStdout()
    if (found !== undefined || folder === dirname(folder)) return found
  }
}

function isForeign(path: string): boolean {
  const { uid } = statSync(path)
  return process.getuid !== undefined && uid !== process.getuid() && uid !== 0
}

/** That of `--redis` or RAINCHECK_REDIS, of the config file, or of the data directory. */
export async function findStore(config = findConfig()): Promise<CliStore> {
  const given = process.env.RAINCHECK_REDIS as StoreOption | undefined
  if (given !== undefined && !isRedisUrl(given))
    throw new Error("--redis (or RAINCHECK_REDIS) must be a URL such as 'redis://localhost:6379'")
  const option = given ?? (config === undefined ? 'sqlite' : await configStore(config))
  return { option, file: storeFile(option), redis: isRedisUrl(option) ? option : undefined }
}

/**
 * Opens the store for one command, and closes it after. It knows no functions: it runs nothing, but whoever should run what is there may
 * have been killed, so that it looks for that, too.
 */
export async function withStore<T>(use: (rain: Raincheck, store: CliStore) => Promise<T>): Promise<T> {
  const { createRaincheck } = await import('../../index.js')
  const store = await findStore()
  const rain = createRaincheck({ store: store.option, app: 'raincheck' })
  try {
    const result = await use(rain, store)
    await seeToWorker(rain, store)
    return result
  } finally {
    await rain.close()
  }
}

/**
 * The same for a command that only shows tasks: what runs them is not even loaded.
 * @param use Answers undefined for what takes a raincheck.
 * @returns Undefined also for a store that is no file.
 */
export async function withReader<T>(
  use: (tasks: TaskReader) => Promise<T | undefined>,
): Promise<T | undefined> {
  const store = await findStore()
  if (store.file === undefined) return undefined
  const tasks = openReader(store.file)
  try {
    const result = await use(tasks)
    if (result !== undefined) await seeToWorker(tasks, store)
    return result
  } finally {
    await tasks.close()
  }
}

/** That of a store whose worker is started on demand. @throws Error for any other. */
export function workerStore({ file }: CliStore): string {
  if (file !== undefined) return file
  throw new Error(
    "this store has no worker: it is neither an SQLite file nor on Redis; set `store: 'sqlite'` in the config file",
  )
}

/**
 * Starts a worker where one is missing: the one that ran tasks may have been killed. Where none can be started it says so, once, and the
 * command goes on.
 */
export async function seeToWorker(rain: Pick<TaskReader, 'unheld'>, { file }: CliStore): Promise<void> {
  if (file === undefined) return
  try {
    await startMissingWorker(file, rain)
  } catch (error) {
    const reason = `no worker can be started: ${(error as Error).message}`
    if (reason !== told) process.stderr.write(`raincheck: ${reason}\n`)
    told = reason
  }
}

let told = ''
