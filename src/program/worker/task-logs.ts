import { appendFile, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventMap, Raincheck } from '../../index.js'
import { GatheredLines } from './gathered-lines.js'
import { logFolder } from './worker-files.js'

/** As long as a ref can be redeemed by default, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1_000

/** How often a process that lives long removes old logs, in milliseconds: often enough for logs that are kept for a day. */
const SWEEP_EVERY_MS = 60 * 60 * 1_000

export function logFile(ref: string): string {
  return join(logFolder(), `${ref}.log`)
}

/** Keeps a log file for each task of a raincheck: what its function logged and printed, and what became of it. */
export function keepLogs(rain: Raincheck): void {
  const logs = new TaskLogs(rain.retention)
  rain.on('log', ({ ref, line }) => logs.of(ref).add(line))
  const tell = (ref: string, line: string) => logs.of(ref).addOwn(line)
  rain.on('start', ({ ref, name, title }) => tell(ref, `${name} starts: ${title}`))
  rain.on('retry', ({ ref, attempt, error }) => tell(ref, `attempt ${attempt} failed: ${error.message}`))
  rain.on('fail', ({ ref, error }) => tell(ref, `failed: ${error.message}`))
  for (const end of ['complete', 'cancel'] as const) rain.on(end, ({ ref }) => tell(ref, ended[end]))
}

const ended = { complete: 'complete', cancel: 'cancelled' } satisfies Partial<Record<keyof EventMap, string>>

/** Sweeps the logs now, and every hour. @returns Ends that. */
export function sweepLogsHourly(): () => void {
  // A log that cannot be removed costs nobody a task.
  const sweep = () => void sweepLogs().catch(() => {})
  sweep()
  const timer = setInterval(sweep, SWEEP_EVERY_MS).unref()
  return () => clearInterval(timer)
}

/** Removes the logs that nobody has written to for as long as their refs are kept. */
export async function sweepLogs(): Promise<void> {
  const folder = logFolder()
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (mtimeMs < Date.now() - KEPT_MS) await rm(path, { force: true })
  }
}

/** Lines are gathered while a write is under way, so that a function that prints much makes few writes. */
class TaskLogs {
  readonly #retention: number
  readonly #waiting = new Map<string, GatheredLines>()
  #writing: Promise<void> | undefined

  constructor(retention: number) {
    this.#retention = retention
  }

  /** Where the lines of a task are gathered, which are then written. */
  of(ref: string): GatheredLines {
    const lines = this.#waiting.get(ref) ?? new GatheredLines()
    this.#waiting.set(ref, lines)
    this.#writing ??= this.#writeAll()
    return lines
  }

  async #writeAll(): Promise<void> {
    // A log that cannot be written costs nobody a task.
    await mkdir(logFolder(), { recursive: true, mode: 0o700 }).catch(() => {})
    for (const [ref, lines] of this.#waiting) {
      this.#waiting.delete(ref)
      await this.#write(logFile(ref), lines).catch(() => {})
    }
    this.#writing = undefined
  }

  async #write(path: string, lines: GatheredLines): Promise<void> {
    const { size } = await stat(path).catch(() => ({ size: 0 }))
    await appendFile(path, lines.textAfter(size), { mode: 0o600 })
    if (this.#retention !== KEPT_MS) await utimes(path, new Date(), keptUntil(this.#retention))
  }
}

/** The sweep knows no retention, since the folder has the logs of all stores: other ones than a day move the time of the file. */
function keptUntil(retention: number): Date {
  return new Date(Date.now() + Math.min(retention, FOREVER_MS) - KEPT_MS)
}

/** What every file system takes: three years, in milliseconds. */
const FOREVER_MS = 3 * 365 * 24 * 60 * 60 * 1_000
