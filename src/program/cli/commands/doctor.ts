import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isLive } from '../../../core/words/task-store.js'
import { dataDirectory } from '../../../stores/data-directory.js'
import { sqliteDriver } from '../../../stores/sqlite/driver.js'
import { tryLock } from '../../worker/lock.js'
import { workerFiles } from '../../worker/worker-files.js'
import { readIdentity } from '../../worker/worker-identity.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'
import { type CliStore, findConfig, findStore, withStore } from '../store.js'

interface Finding {
  what: string
  ok: boolean
  found: string
}

/** Less than a batch of documents may take, in MB. */
const LEAST_FREE_MB = 100

/** `raincheck doctor`: looks at all that the command line stands on. Fails when something is wrong. */
export async function doctor(options: { json?: boolean }, version: string): Promise<ExitCode> {
  const findings = [
    finding('raincheck', `${version}, on Node ${process.version}`),
    await look('config file', async () => findConfig() ?? 'none: the bundled functions only'),
    ...(await lookAtStore()),
  ]
  const lines = findings.map(({ what, ok, found }) => `${ok ? 'ok   ' : 'WRONG'} ${what}: ${found}`)
  print(findings, lines.join('\n'), options)
  return findings.every(({ ok }) => ok) ? exitCodes.success : exitCodes.failure
}

async function lookAtStore(): Promise<Finding[]> {
  let store: CliStore
  try {
    store = await findStore()
  } catch (error) {
    return [finding('store', (error as Error).message, false)]
  }
  const { file, redis } = store
  if (redis !== undefined)
    return [await look('store', lookAtTasks), await look('queue', () => lookAtQueue(redis))]
  if (file === undefined) return [finding('store', 'neither an SQLite file nor on Redis: there is no worker')]
  const folder = dirname(file)
  const findings = [
    await look('data directory', async () => {
      await access(folder, constants.W_OK).catch((error) => ignoreMissing(error, 'ENOENT'))
      return `${folder}${folder === dataDirectory() ? '' : ' (of the config file)'}`
    }),
    await look('disk', () => lookAtDisk(folder)),
  ]
  const driver = await look('SQLite driver', lookAtDriver)
  // The others would only say the same.
  if (!driver.ok) return [...findings, driver]
  // Before the store: the look at that starts another worker where one was killed.
  const worker = await look('worker', () => lookAtWorker(file))
  return [...findings, driver, await look('store', lookAtTasks), worker]
}

async function lookAtDriver(): Promise<string> {
  const driver = sqliteDriver()
  await driver.load()
  return driver.name
}

async function lookAtDisk(folder: string): Promise<string> {
  const existing = await nearestFolder(folder)
  const { bavail, bsize } = await statfs(existing)
  const free = Math.round((bavail * bsize) / 1024 / 1024)
  if (free < LEAST_FREE_MB) throw new Error(`only ${free} MB are free at ${existing}; make some space`)
  return `${free} MB are free at ${existing}`
}

/** Itself, or the nearest above it that exists: that is where it will be made. */
async function nearestFolder(path: string): Promise<string> {
  const exists = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return exists || path === dirname(path) ? path : nearestFolder(dirname(path))
}

async function lookAtQueue(redis: string): Promise<string> {
  const { inspectQueue } = await import('../../../backends/bullmq/index.js')
  const { waiting, running, workers, paused } = await inspectQueue({ connection: redis })
  const state = `${waiting} waiting, ${running} running, ${workers} workers${paused ? ', paused' : ''}`
  if (workers === 0 && waiting > 0) throw new Error(`${state}: start one with raincheck worker`)
  return state
}

function lookAtTasks(): Promise<string> {
  return withStore(async (rain, { file, redis }) => {
    const { tasks, cursor } = await rain.list({ limit: 1_000 })
    const live = tasks.filter(isLive).length
    return `${file ?? new URL(redis ?? '').host}, ${cursor === undefined ? '' : 'more than '}${tasks.length} tasks, ${live} of them not done`
  })
}

async function lookAtWorker(file: string): Promise<string> {
  const { lock: path, pid } = workerFiles(file)
  const identity = await readIdentity(pid)
  const lock = await tryLock(path)
  await lock?.release()
  if (!lock)
    return identity ? `runs as process ${identity.pid}, version ${identity.version}` : 'starts or ends'
  return identity
    ? `killed or crashed: its PID file is left, its lock is free (process ${identity.pid}); this command starts another`
    : 'none runs: there is nothing to do'
}

async function look(what: string, at: () => Promise<string>): Promise<Finding> {
  try {
    return finding(what, await at())
  } catch (error) {
    return finding(what, (error as Error).message, false)
  }
}

function finding(what: string, found: string, ok = true): Finding {
  return { what, ok, found }
}

function ignoreMissing(error: NodeJS.ErrnoException, code: string): void {
  if (error.code !== code) throw error
}
