import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, RaincheckError } from '../../core/words/errors.js'
import { pause } from '../../core/words/timers.js'
import { sqliteDriver } from '../../stores/sqlite/driver.js'

/** How often a lock is tried that another process has, in milliseconds. */
const LOOK_EVERY_MS = 20

/** Held by one process at a time; the kernel frees it when that ends, however it ends. */
export interface Lock {
  release(): Promise<void>
}

/**
 * Takes the lock, which is an exclusive transaction on a SQLite file of its own.
 * @returns Undefined when another process has it.
 */
export async function tryLock(path: string): Promise<Lock | undefined> {
  await createEmpty(path)
  try {
    const release = await sqliteDriver().lock(path)
    return release && { release }
  } catch (error) {
    if (error instanceof RaincheckError) throw error
    // SQLite's words alone would be taken for the store's.
    throw new Error(
      `cannot lock ${path}: ${messageOf(error)}; make it writable, or remove it once no worker has it`,
      { cause: error },
    )
  }
}

/** The same, for as long as another process may need to free it. */
export async function lockWithin(path: string, ms: number): Promise<Lock | undefined> {
  for (const until = Date.now() + ms; ; ) {
    const lock = await tryLock(path)
    if (lock || Date.now() > until) return lock
    await pause(LOOK_EVERY_MS)
  }
}

/** One that exists is not opened: to close it again would free the lock, where this process has it. */
async function createEmpty(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await (await open(path, 'ax', 0o600)).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
