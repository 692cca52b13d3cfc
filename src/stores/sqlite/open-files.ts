import { closeSync, openSync, type Stats, statSync } from 'node:fs'
import type { Connection } from './connection.js'
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
    if (isOpen && --file.users === 0) await close(id, file, connection)
    isOpen = false
  }
  return { connection, leave }
}

async function enterNow(path: string, { look, connect }: Opening): Promise<[id: string, SharedFile]> {
  const stats = existing(path) ?? create(path)
  // Opening a named pipe would wait for a writer.
  if (!stats.isFile())
    throw new Error(`it is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}; name another path`)
  const id = `${stats.dev}:${stats.ino}`
  await shared.files.get(id)?.closed
  const standing = shared.files.get(id)
  if (standing && !standing.connection?.lost) {
    standing.users++
    return [id, standing]
  }
  // What hangs in a lost connection may have its locks still.
  if (!standing) look()
  return [id, add(id, connect)]
}

function add(id: string, connect: () => Promise<Connection>): SharedFile {
  const connecting = connect()
  const file: SharedFile = { users: 1, connecting, connection: undefined, closed: undefined }
  shared.files.set(id, file)
  connecting.then(
    (connection) => {
      file.connection = connection
    },
    () => remove(id, file),
  )
  return file
}

async function close(id: string, file: SharedFile, connection: Connection): Promise<void> {
  const closing = connection.close().finally(() => remove(id, file))
  file.closed = closing.catch(() => {})
  await closing
}

/** Where it was lost there may be another by now. */
function remove(id: string, file: SharedFile): void {
  if (shared.files.get(id) === file) shared.files.delete(id)
}

function existing(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

/** SQLite would make it readable by all; its companion files take its mode. */
function create(path: string): Stats {
  closeSync(openSync(path, 'a', 0o600))
  return statSync(path)
}
