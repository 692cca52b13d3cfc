import { execFile } from 'node:child_process'
import { appendFile, readFile, realpath, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { RECORD_FORMAT } from '../../core/words/task-store.js'
import { type Lock, lockWithin, tryLock } from './lock.js'
import { workerFiles } from './worker-files.js'
import { readIdentity, type WorkerIdentity } from './worker-identity.js'

/** What a worker gets to leave its tasks to others before it is killed, in milliseconds: a close takes 10 s at most. */
const PATIENCE_MS = 12_000

/**
 * Ends a worker of an older version that has the lock of a store: it would go on with records that it does not know all of. Only a process that is
 * proven to be that worker is ended, and killed where it does not go.
 * @returns The lock; undefined where another than an older worker has it.
 */
export async function endOlderWorker(store: string): Promise<Lock | undefined> {
  const { lock, pid, log } = workerFiles(store)
  const older = await readIdentity(pid)
  // Before format 4 a worker did not say which it knows.
  if (!older || (older.format ?? 0) >= RECORD_FORMAT) return undefined
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isWorker(older, store))) break
    process.kill(older.pid, signal)
    const free = await lockWithin(lock, PATIENCE_MS)
    if (!free) continue
    await appendFile(
      log,
      `${new Date().toISOString()} ended ${describe(older)}, which does not know this store\n`,
    )
    return free
  }
  // It may have gone by itself meanwhile.
  return tryLock(lock)
}

function describe({ version, pid }: WorkerIdentity): string {
  return `the worker of version ${version} (process ${pid})`
}

/**
 * A number alone proves nothing: the system gives it to another process when the first has ended. What does is that the process has the lock, which
 * Linux tells, or that it was started as the worker of this store.
 */
async function isWorker({ pid }: WorkerIdentity, store: string): Promise<boolean> {
  if (await hasLock(pid, workerFiles(store).lock)) return true
  const line = await commandLine(pid)
  const found = /[\\/]worker[\\/]main\.js[\0 ](.+?)\0?$/.exec(line.trim())?.[1]
  return found !== undefined && (await pathOf(found)) === (await pathOf(store))
}

async function hasLock(pid: number, lock: string): Promise<boolean> {
  try {
    const { ino } = await stat(lock)
    const locks = (await readFile('/proc/locks', 'utf8')).split('\n')
    return locks.some((line) => line.includes(` ${pid} `) && line.includes(`:${ino} `))
  } catch {
    return false
  }
}

/** Of a process that has ended, or on a system that has neither, it is empty. */
async function commandLine(pid: number): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }))
    return stdout
  }
}

function pathOf(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}
