import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { processPool } from './backends/process-pool/process-pool.js'
import type { Cached } from './core/calls/cached.js'
import { packageNameAt } from './core/options/app-name.js'
import { addressOf, workAt } from './core/options/from-module.js'
import type { Raincheck } from './core/raincheck.js'
import type { TaskBackend, Work } from './core/words/backend.js'
import { createFor } from './create-raincheck.js'
import { atFile, type ReadConfig, readConfig } from './read-config.js'
import type { StoreOption } from './stores/open.js'

/** A config file, opened. */
export interface OpenedConfig {
  /** Absolute path of the config file. */
  path: string
  /** To be closed when it is not needed any more. */
  rain: Raincheck
  /** The functions of the config file, wrapped, by their names. */
  functions: Map<string, Cached<unknown, unknown>>
}

/** What the caller of `openConfig` knows better than the file. */
export interface ConfigChanges {
  /** Goes before the file's; a path is then relative to the working directory. @default the file's */
  store?: StoreOption
  /**
   * Takes the place of the process pool, where the file names no backend. It is given the file's `concurrency`.
   * @default `processPool`, of that size
   */
  backend?: (concurrency: number | undefined) => TaskBackend
}

/**
 * Opens the raincheck of a `raincheck.config` file, with its functions. Records of their tasks name the file, so that another
 * process, such as the worker, finds the functions again. Where the file names no backend they run in child processes;
 * where it names no store, in the data directory's. The path of a store is relative to the file.
 * @throws RaincheckError `INVALID_OPTION` when the file cannot be loaded, its default export is no `defineConfig({…})`, or one of
 *   its options is wrong; `MISSING_PEER` for a file in TypeScript that neither Node (22.18 and later) nor `jiti` can load.
 */
export async function openConfig(path: string, changes: ConfigChanges = {}): Promise<OpenedConfig> {
  const file = resolve(path)
  const { functions: given, ...options } = resolveBackend(await readConfig(file), changes)
  const { backend } = options
  const app = options.app ?? packageNameAt(dirname(file))
  const store = changes.store ?? atFile(options.store ?? 'sqlite', file)
  const rain = createFor(file, { ...options, app, store })
  const functions = new Map<string, Cached<unknown, unknown>>()
  for (const [name, { run, ...rest }] of Object.entries(given)) {
    const work = workOf(file, name, run, rest.backend ?? backend)
    functions.set(name, rain.cached({ ...rest, name } as never)(work as never))
  }
  return { path: file, rain, functions }
}

/** `concurrency` is the size of the backend, unless the file names one. */
function resolveBackend(
  config: ReadConfig,
  { backend: make = pool }: ConfigChanges,
): ReadConfig & { backend: TaskBackend } {
  const { backend, concurrency, ...rest } = config
  return backend ? { ...config, backend } : { ...rest, backend: make(concurrency) }
}

function pool(concurrency: number | undefined): TaskBackend {
  return processPool(concurrency === undefined ? {} : { size: concurrency })
}

/**
 * A child process loads the config file itself, and runs what it finds there: on a queue, too, where a function that blocks
 * its process would cost that its jobs.
 */
function workOf(file: string, name: string, run: Work, { capabilities }: TaskBackend): Work {
  if ((capabilities.functions === 'any' && !capabilities.shared) || addressOf(run)) return run
  return workAt({ url: pathToFileURL(file).href, path: ['default', 'functions', name, 'run'] })
}
