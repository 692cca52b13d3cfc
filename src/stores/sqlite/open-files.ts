import { type BigIntStats, closeSync, openSync, rmSync } from 'node:fs'
import type { Connection } from './connection.js'
import { isThere, type Place, placesBeside, statOf } from './place.js'
import { type SharedFile, shared } from './shared.js'

/** What is done with a file that this process has not open. */
interface Opening {
  /**
   * Opens and closes the file, which must not happen while this process is connected to it: to close any descriptor of a file frees all locks
   * that the process has on it (POSIX), and SQLite then corrupts it together with others.
   */
  look(): void
  connect(): Promise<Connection>
}

/** A share of the connection to a file. */
export interface OpenFile {
  readonly connection: Connection
  /** Whether it was deleted or replaced. Then it has to be left, and what is at its path now opened. */
  readonly isRetired: boolean
  /** Retires the file unless it is at its path still. @returns Whether it is. */
  isInPlace(): boolean
  /** The same of the files beside it, too: without these nobody else reads what is in it. */
  isWhole(): boolean
  /** Closes the connection where nobody else has a share. */
  leave(): Promise<void>
}

/** Opens a file, or takes a share of the connection that this process has to it. */
export async function enter(path: string, opening: Opening): Promise<OpenFile> {
  // One after the other: none may look while another goes from the look to the connection.
  const entered = shared.entering.then(() => enterNow(path, opening))
  shared.entering = entered.catch(() => {})
  const [id, file] = await entered
  const connection = await file.connecting
  let isOpen = true
  const leave = async () => {
    if (isOpen && --file.users === 0 && !file.isRetired) await close(id, file, connection)
    if (file.isRetired) await file.closed
    isOpen = false
  }
  const look = (files: number) => {
    if (!file.isRetired && !file.places.slice(0, files).every(isThere)) retire(id, file, connection)
    return !file.isRetired
  }
  return {
    connection,
    get isRetired() {
      return file.isRetired
    },
    isInPlace: () => look(1),
    isWhole: () => look(file.places.length),
    leave,
  }
}

async function enterNow(path: string, { look, connect }: Opening): Promise<[id: string, SharedFile]> {
  const stats = statOf(path) ?? create(path)
  // Opening a named pipe would wait for a writer.
  if (!stats.isFile())
    throw new Error(`it is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}; name another path`)
  await retireOthers(path)
  const id = `${stats.dev}:${stats.ino}`
  await shared.files.get(id)?.closed
  const standing = shared.files.get(id)
  if (standing && !standing.connection?.lost) {
    standing.users++
    return [id, standing]
  }
  // What hangs in a lost connection may have its locks still.
  if (!standing) look()
  // Of the file that was looked at: by the time it is open, another may be there.
  return [id, add(id, { path, dev: stats.dev, ino: stats.ino }, connect)]
}

function add(id: string, place: Place, connect: () => Promise<Connection>): SharedFile {
  const connecting = connect()
  const file: SharedFile = {
    ...{ users: 1, path: place.path, places: [place], isRetired: false },
    ...{ connecting, connection: undefined, closed: undefined },
  }
  shared.files.set(id, file)
  connecting.then(
    (connection) => {
      file.connection = connection
      file.places = [place, ...placesBeside(place.path)]
    },
    () => remove(id, file),
  )
  return file
}

/** Another file that was at this path is closed first: the one that is there now would share the files beside it, and the locks on them. */
async function retireOthers(path: string): Promise<void> {
  for (const [id, file] of shared.files) {
    const { connection, places } = file
    if (file.path !== path || !connection || (places[0] && isThere(places[0]))) continue
    if (!file.isRetired) retire(id, file, connection)
    await file.closed
  }
}

/** Closes it for all who use it, after what is under way. */
function retire(id: string, file: SharedFile, connection: Connection): void {
  file.isRetired = true
  void close(id, file, connection).catch(() => {})
}

async function close(id: string, file: SharedFile, connection: Connection): Promise<void> {
  const closing = connection
    .close()
    .finally(() => removeLeftovers(file))
    .finally(() => remove(id, file))
  file.closed = closing.catch(() => {})
  await closing
}

/** Of a file that is gone, what was beside it would be taken for that of the file which is there now. */
function removeLeftovers({ places: [file, ...beside] }: SharedFile): void {
  if (!file || isThere(file)) return
  for (const place of beside) if (isThere(place)) rmSync(place.path, { force: true })
}

/** Where it was lost there may be another by now. */
function remove(id: string, file: SharedFile): void {
  if (shared.files.get(id) === file) shared.files.delete(id)
}

/**
 * SQLite would make it readable by all; its companion files take its mode. What lies beside it is of a file that was deleted: a process that does not
 * know that yet may have locks on it.
 */
function create(path: string): BigIntStats {
  const beside = placesBeside(path)
  try {
    closeSync(openSync(path, 'ax', 0o600))
    for (const place of beside) if (isThere(place)) rmSync(place.path, { force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    // Another process was faster, or it is a link to where nothing is.
    closeSync(openSync(path, 'a', 0o600))
  }
  const stats = statOf(path)
  if (!stats) throw new Error('ENOENT: it was deleted at once')
  return stats
}
