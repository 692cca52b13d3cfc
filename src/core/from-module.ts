import type { TaskHandle, Work } from './backend.js'

const address = Symbol('raincheck.module')

/** Where another process finds a function: the module's `file:` address and the name of the export. */
export interface ModuleAddress {
  readonly url: string
  readonly exportName: string
}

type FunctionsOf<M> = { [K in keyof M as M[K] extends Work ? K : never]: M[K] }

/**
 * Names a function that lives in a module of its own, so that any process can load it: needed by the process pool.
 * @param url Address of the module, such as `new URL('./work.js', import.meta.url)`.
 * @param exportName Which of its exports is the function.
 * @example fromModule<typeof import('./work.js')>(new URL('./work.js', import.meta.url), 'convert')
 */
export function fromModule<M, K extends keyof FunctionsOf<M> & string = keyof FunctionsOf<M> & string>(
  url: URL,
  exportName: K,
): FunctionsOf<M>[K] {
  const found: ModuleAddress = { url: url.href, exportName }
  const work = async (input: never, task: TaskHandle) => (await loadWork(found))(input, task)
  return Object.assign(work, { [address]: found }) as unknown as FunctionsOf<M>[K]
}

/** The address of a function made by `fromModule`; undefined for any other. */
export function addressOf(work: Work): ModuleAddress | undefined {
  return Reflect.get(work, address) as ModuleAddress | undefined
}

/** Loads the function at an address. @throws TypeError when the module has no such function. */
export async function loadWork({ url, exportName }: ModuleAddress): Promise<Work> {
  const module = (await import(url)) as Record<string, unknown>
  const work = module[exportName]
  if (typeof work !== 'function') throw new TypeError(`${url} exports no function named '${exportName}'`)
  return work as Work
}
