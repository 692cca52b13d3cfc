import { createHash } from 'node:crypto'
import { type Bundled, openBundled } from '../bundled/open-bundled.js'
import { configStore, type OpenedConfig, openConfig, type StoreOption, storeFile } from '../index.js'
import type { ToolContext } from '../mcp/index.js'
import { AllowedDirectories } from './allowed-directories.js'
import { offersFor } from './offers.js'

export interface ServiceOptions {
  /** Of the package. */
  version: string
  /** The folders whose documents may be read, and into which results may be written. */
  directories: readonly string[]
  /** How long a call waits before it is answered with a ref, in milliseconds. */
  asyncTimeout: number
  /** Path of a config file, whose functions become tools besides. */
  config: string | undefined
}

/** What the tools of the server work on. */
export interface Service {
  readonly version: string
  readonly allowed: AllowedDirectories
  readonly asyncTimeout: number
  readonly bundled: Bundled
  readonly config: OpenedConfig | undefined
  readonly store: StoreOption
  /** The file of the store; undefined for one that is none. */
  readonly file: string | undefined
  scope(context: ToolContext): string
}

/** Opens no store yet: its first use does. @throws RaincheckError `INVALID_OPTION` */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { version, directories, asyncTimeout, config } = options
  const allowed = await AllowedDirectories.open(directories)
  const store = config === undefined ? 'sqlite' : await configStore(config)
  return {
    ...{ version, allowed, asyncTimeout, store },
    bundled: openBundled(version, store, offersFor(allowed, asyncTimeout)),
    config: config === undefined ? undefined : await openConfig(config),
    file: storeFile(store),
    scope: scopeOf(allowed),
  }
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
