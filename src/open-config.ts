import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { processPool } from './backends/process-pool/process-pool.js'
import type { Cached } from './core/calls/cached.js'
import { packageNameAt } from './core/options/app-name.js'
import { addressOf, workAt } from './core/options/from-module.js'
import type { FunctionOptions } from './core/options/function-options.js'
import { loadModule } from './core/options/load-module.js'
import type { Raincheck } from './core/raincheck.js'
import type { TaskBackend, Work } from './core/words/backend.js'
import { messageOf, RaincheckError } from './core/words/errors.js'
import { createFor, type RaincheckOptions } from './create-raincheck.js'
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

/**
 * Where the tasks of a config file's functions are kept, without opening it. A path is absolute.
 * @throws RaincheckError as `openConfig`.
 */
export async function configStore(path: string): Promise<NonNullable<RaincheckOptions['store']>> {
  const file = resolve(path)
  return atFile((await readConfig(file)).store ?? 'sqlite', file)
}

type ReadFunction = Omit<FunctionOptions<never, unknown>, 'name'> & { run: Work }
type ReadConfig = RaincheckOptions & { functions: Record<string, ReadFunction> }

/** Only what is ours to check: all options are checked by those who take them. */
async function readConfig(file: string): Promise<ReadConfig> {
  const config = (await load(file)).default as Partial<ReadConfig> | undefined
  if (typeof config !== 'object' || config === null)
    throw wrong(file, 'must have a default export: export default defineConfig({ functions: { … } })')
  const { functions } = config
  if (typeof functions !== 'object' || functions === null)
    throw wrong(file, 'must have `functions`, an object of functions by their names')
  for (const [name, given] of Object.entries(functions))
    if (typeof given?.run !== 'function')
      throw wrong(file, `functions.${name} must have \`run\`, the function itself`)
  return config as ReadConfig
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return await loadModule(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof RaincheckError) throw error
    throw wrong(file, `cannot be loaded: ${messageOf(error)}`, error)
  }
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

function atFile(store: RaincheckOptions['store'], file: string): NonNullable<RaincheckOptions['store']> {
  if (typeof store !== 'string' || !store.startsWith('sqlite:')) return store as 'sqlite'
  return `sqlite:${resolve(dirname(file), store.slice('sqlite:'.length))}`
}

function wrong(file: string, what: string, cause?: unknown): RaincheckError {
  return new RaincheckError('INVALID_OPTION', `${file} ${what}`, { cause })
}
