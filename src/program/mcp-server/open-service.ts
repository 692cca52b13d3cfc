import { createHash } from 'node:crypto'
import { given } from '../../core/words/given.js'
import type { ConfigChanges, OpenedConfig, StoreOption } from '../../index.js'
import type { ToolContext } from '../../mcp/index.js'
import { AllowedDirectories } from './allowed-directories.js'
import { LazyBundled } from './lazy-bundled.js'
import { offersFor } from './offers.js'
import { serviceStore } from './service-store.js'

export interface ServiceOptions {
  /** Of the package. */
  version: string
  /** The folders whose documents may be read, and into which results may be written. */
  directories: readonly string[]
  /** How long a call waits before it is answered with a ref, in milliseconds. */
  asyncTimeout: number
  /** Path of a config file, whose functions become tools besides. */
  config: string | undefined
  /** A server whose store and queue are used, instead of those of the config file. */
  changes?: ConfigChanges
  /** Whose tasks a client sees. @default those of the same client with the same folders */
  scope?: Service['scope']
}

/** What the tools of the server work on. */
export interface Service {
  readonly version: string
  readonly allowed: AllowedDirectories
  readonly asyncTimeout: number
  readonly bundled: LazyBundled
  readonly config: OpenedConfig | undefined
  /** The file of the store; undefined for one that is none. */
  storeFile(): Promise<string | undefined>
  /** Where tasks are kept, for people: a path, a server without its password, or where another store is named. */
  storeName(): Promise<string>
  scope(context: ToolContext): string
}

/** Opens no store yet: its first use does. @throws RaincheckError `INVALID_OPTION`, `MISSING_PEER` */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { version, directories, asyncTimeout, config: path, changes = {} } = options
  const allowed = await AllowedDirectories.open(directories)
  const library = () => import('../../index.js')
  const store = await serviceStore(
    changes.store ?? (path === undefined ? undefined : await (await library()).configStore(path)),
  )
  const config = path === undefined ? undefined : await (await library()).openConfig(path, changes)
  const openBundled = async () => {
    const options = given({ store: await store(), offers })
    return (await import('../documents/open-bundled.js')).openBundled(version, options)
  }
  const offers = offersFor(allowed, asyncTimeout)
  return {
    ...{ version, allowed, asyncTimeout, config },
    bundled: new LazyBundled(offers, openBundled),
    storeFile: async () => (await library()).storeFile(await store()),
    storeName: async () => nameOf(await store(), await library()),
    scope: options.scope ?? scopeOf(allowed),
  }
}

function nameOf(
  store: StoreOption | undefined,
  { storeFile, isRedisUrl }: typeof import('../../index.js'),
): string {
  if (store === undefined) return 'memory: refs end with this server'
  if (isRedisUrl(store)) return `Redis at ${new URL(store).host}`
  return storeFile(store) ?? 'the one of the config file'
}

/**
 * The same client with the same folders finds its tasks again, in a later session, too. With other folders it does not, and
 * neither does it find those of the command line: their results may be of documents that it may not read.
 */
function scopeOf({ directories }: AllowedDirectories): Service['scope'] {
  const digest = createHash('sha256')
    .update(JSON.stringify([...directories].sort()))
    .digest('base64url')
  const scope = `mcp:${digest.slice(0, 22)}`
  return ({ authInfo, http }) => {
    const client = (authInfo ?? http?.authInfo)?.clientId
    return client === undefined ? scope : `${scope}:${client}`
  }
}
