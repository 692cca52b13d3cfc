import { statSync } from 'node:fs'

/** Which file was at a path. */
export interface Place {
  readonly path: string
  readonly dev: number
  readonly ino: number
}

/** A SQLite file, and those that SQLite keeps beside it while it is open. */
export function placesOf(path: string): Place[] {
  return [path, `${path}-wal`, `${path}-shm`].flatMap((one) => {
    const stats = statSync(one, { throwIfNoEntry: false })
    return stats ? [{ path: one, dev: stats.dev, ino: stats.ino }] : []
  })
}

/**
 * Whether the same file is there still. By its device and inode alone, which takes a microsecond: to open and close it would free the locks that
 * this process has on it (POSIX).
 */
export function isThere({ path, dev, ino }: Place): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats?.dev === dev && stats.ino === ino
  } catch (error) {
    // A folder that may not be entered for the moment says nothing of what is in it.
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR'
  }
}
