import { type BigIntStats, statSync } from 'node:fs'

/** Which file was at a path. */
export interface Place {
  readonly path: string
  /** Of the file system and in it. Numbers would lose digits of those on Windows. */
  readonly dev: bigint
  readonly ino: bigint
}

/** @returns Undefined where nothing is. */
export function statOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })
}

/** What SQLite keeps beside a file while it is open, as far as it can be looked at. */
export function placesBeside(path: string): Place[] {
  return [`${path}-wal`, `${path}-shm`].flatMap((one) => {
    try {
      const stats = statOf(one)
      return stats ? [{ path: one, dev: stats.dev, ino: stats.ino }] : []
    } catch {
      // On its way out, on Windows, or in a folder that may not be entered.
      return []
    }
  })
}

/**
 * Whether the same file is there still. By its device and inode alone, which takes a microsecond: to open and close it would free the locks that
 * this process has on it (POSIX).
 */
export function isThere({ path, dev, ino }: Place): boolean {
  try {
    const stats = statOf(path)
    return stats?.dev === dev && stats.ino === ino
  } catch (error) {
    // A folder that may not be entered for the moment says nothing of what is in it.
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR'
  }
}
