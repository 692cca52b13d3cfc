import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionOptions } from './core/options/function-options.js'
import { loadModule } from './core/options/load-module.js'
import type { Work } from './core/words/backend.js'
import { messageOf, RaincheckError } from './core/words/errors.js'
import type { RaincheckOptions } from './create-raincheck.js'

/**
 * Where the tasks of a config file's functions are kept, without opening it. A path is absolute.
 * @throws RaincheckError as `openConfig`.
 */
export async function configStore(path: string): Promise<NonNullable<RaincheckOptions['store']>> {
  const file = resolve(path)
  return atFile((await readConfig(file)).store ?? 'sqlite', file)
}

type ReadFunction = Omit<FunctionOptions<never, unknown>, 'name'> & { run: Work }
export type ReadConfig = RaincheckOptions & { functions: Record<string, ReadFunction> }

/** Only what is ours to check: all options are checked by those who take them. */
export async function readConfig(file: string): Promise<ReadConfig> {
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

export function atFile(
  store: RaincheckOptions['store'],
  file: string,
): NonNullable<RaincheckOptions['store']> {
  if (typeof store !== 'string' || !store.startsWith('sqlite:')) return store as 'sqlite'
  return `sqlite:${resolve(dirname(file), store.slice('sqlite:'.length))}`
}

function wrong(file: string, what: string, cause?: unknown): RaincheckError {
  return new RaincheckError('INVALID_OPTION', `${file} ${what}`, { cause })
}
