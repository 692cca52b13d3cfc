import type { Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'

/** How many connections this process has to each file, by device and inode. */
const connections = new Map<string, number>()
let entering: Promise<unknown> = Promise.resolve()

/**
 * Counts a connection to a database file, after a look at the file that must not happen while there is one: to close any
 * descriptor of a file frees all locks that the process has on it (POSIX), and SQLite then corrupts it together with others.
 * @param look Opens and closes the file. Left out when this process is connected to it: then it was looked at before.
 * @returns To be called when the connection is closed.
 */
export function enter(path: string, look: () => Promise<void>): Promise<() => void> {
  // One after the other: none may look while another goes from the look to the connection.
  const entered = entering.then(() => enterNow(path, look))
  entering = entered.catch(() => {})
  return entered
}

async function enterNow(path: string, look: () => Promise<void>): Promise<() => void> {
  const stats = (await existing(path)) ?? (await create(path))
  // Opening a named pipe would wait for a writer.
  if (!stats.isFile())
    throw new Error(`it is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}; name another path`)
  const file = `${stats.dev}:${stats.ino}`
  if (!connections.has(file)) await look()
  connections.set(file, (connections.get(file) ?? 0) + 1)
  let isOpen = true
  return () => {
    if (isOpen) leave(file)
    isOpen = false
  }
}

async function existing(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** SQLite would make it readable by all; its companion files take its mode. */
async function create(path: string): Promise<Stats> {
  await (await open(path, 'a', 0o600)).close()
  return stat(path)
}

function leave(file: string): void {
  const left = (connections.get(file) ?? 0) - 1
  if (left > 0) connections.set(file, left)
  else connections.delete(file)
}
