import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventMap, Raincheck } from '../../index.js'
import { logFolder } from './worker-files.js'

/** As long as a ref can be redeemed by default, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1_000

export function logFile(ref: string): string {
  return join(logFolder(), `${ref}.log`)
}

/** Keeps a log file for each task of a raincheck: what its function logged and printed, and what became of it. */
export function keepLogs(rain: Raincheck): void {
  const logs = new TaskLogs()
  rain.on('log', ({ ref, line }) => logs.add(ref, line))
  rain.on('start', ({ ref, name, title }) => logs.add(ref, `raincheck: ${name} starts: ${title}`))
  rain.on('retry', ({ ref, attempt, error }) =>
    logs.add(ref, `raincheck: attempt ${attempt} failed: ${error.message}`),
  )
  rain.on('fail', ({ ref, error }) => logs.add(ref, `raincheck: failed: ${error.message}`))
  for (const end of ['complete', 'cancel'] as const) rain.on(end, ({ ref }) => logs.add(ref, ended[end]))
}

const ended = { complete: 'raincheck: complete', cancel: 'raincheck: cancelled' } satisfies Partial<
  Record<keyof EventMap, string>
>

/** Removes the logs that nobody has written to for as long as a ref is kept. */
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
  readonly #waiting = new Map<string, string>()
  #writing: Promise<void> | undefined

  add(ref: string, line: string): void {
    const text = `${new Date().toISOString()} ${line}\n`
    this.#waiting.set(ref, (this.#waiting.get(ref) ?? '') + text)
    this.#writing ??= this.#writeAll()
  }

  async #writeAll(): Promise<void> {
    // A log that cannot be written costs nobody a task.
    await mkdir(logFolder(), { recursive: true, mode: 0o700 }).catch(() => {})
    for (const [ref, text] of this.#waiting) {
      this.#waiting.delete(ref)
      await appendFile(logFile(ref), text, { mode: 0o600 }).catch(() => {})
    }
    this.#writing = undefined
  }
}
