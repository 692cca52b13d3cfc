import type { TaskHandle, Work } from '../words/backend.js'
import { loadModule } from './load-module.js'

const address = Symbol('raincheck.module')

/** Where another process finds a function. */
export interface ModuleAddress {
  /** The `file:` address of the module. */
  readonly url: string
  /** The name of an export, and the names of properties from there on. */
  readonly path: readonly string[]
}

type FunctionsOf<M> = { [K in keyof M as M[K] extends Work ? K : never]: M[K] }

/**
 * Names a function that lives in a module of its own, so that any process can load it: needed by the process pool.
 * @param url Address of the module, such as `new URL('./work.js', import.meta.url)`.
 * @param exportName Which of its exports is the function. One that is not there fails the task, by a TypeError.
 * @example fromModule<typeof import('./work.js')>(new URL('./work.js', import.meta.url), 'convert')
 */
export function fromModule<
  M = never,
  K extends keyof FunctionsOf<M> & string = keyof FunctionsOf<M> & string,
>(url: URL, exportName: [M] extends [never] ? WithoutModule : K): FunctionsOf<M>[K] {
  return workAt({ url: url.href, path: [exportName] }) as FunctionsOf<M>[K]
}

/** The error of a call without the type of the module: no address tells what is in it. */
type WithoutModule = "write the type of the module: fromModule<typeof import('./work.js')>(url, name)"

/** The function at an address, which is loaded when it is first called. */
export function workAt(found: ModuleAddress): Work {
  const work = async (input: never, task: TaskHandle) => (await loadWork(found))(input, task)
  return Object.assign(work, { [address]: found })
}

/**
 * The address of a function made by `fromModule`, for a backend of one's own that loads it in another thread or process.
 * @returns Undefined for any other function.
 */
export function addressOf(work: Work): ModuleAddress | undefined {
  return Reflect.get(work, address) as ModuleAddress | undefined
}

/** Loads the function at an address. @throws TypeError when the module has no such function. */
export async function loadWork({ url, path }: ModuleAddress): Promise<Work> {
  const work = path.reduce<unknown>((value, name) => Object(value)[name], await loadModule(url))
  if (typeof work !== 'function') throw new TypeError(`${url} exports no function named '${path.join('.')}'`)
  return work as Work
}
