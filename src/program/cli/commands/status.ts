import { toJson } from '../../../core/values/to-json.js'
import { given } from '../../../core/words/given.js'
import { isLive } from '../../../core/words/task-store.js'
import { pause } from '../../../core/words/timers.js'
import type { Status, TaskSummary } from '../../../index.js'
import { describeAnswer, facts } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { seeToWorker, withStore } from '../store.js'

export interface StatusOptions {
  watch?: boolean
  name?: string
  status?: Status
  limit?: number
  json?: boolean
}

/** How often `--watch` looks, in milliseconds: as often as progress is written. */
const WATCH_EVERY_MS = 250

/** `raincheck status [ref|all]`: succeeds whatever the status is. */
export async function status(ref: string, options: StatusOptions): Promise<ExitCode> {
  return withStore(async (rain, store) => {
    const { name, status, limit } = options
    const look = async () =>
      ref === 'all' ? (await rain.list(given({ name, status, limit }))).tasks : [await rain.poll(ref)]
    const screen = new Screen()
    for (;;) {
      const tasks = await look()
      const areLive = tasks.some(isLive)
      screen.show(text(tasks, ref, options))
      if (!options.watch || !areLive) return exitCodes.success
      await seeToWorker(rain, store)
      await pause(WATCH_EVERY_MS)
    }
  })
}

function text(tasks: readonly TaskSummary[], ref: string, { json }: StatusOptions): string {
  if (ref === 'all' && json) return toJson(tasks.map(facts))
  const lines = tasks.map((task) => {
    if (json) return toJson(facts(task))
    return ref === 'all' ? `${task.ref}  ${task.name}  ${describeAnswer(task)}` : describeAnswer(task)
  })
  return lines.join('\n')
}

/** Writes over what it showed before on a terminal; elsewhere it adds what has changed. */
class Screen {
  #shown: string | undefined

  show(text: string): void {
    if (text === this.#shown) return
    const { stdout } = process
    if (this.#shown && stdout.isTTY) stdout.write(`\x1b[${rowsOf(this.#shown, stdout.columns)}A\x1b[J`)
    if (text !== '') stdout.write(`${text}\n`)
    this.#shown = text
  }
}

/** A line that is longer than the terminal is wide takes several; 0 is a width that nobody knows. */
function rowsOf(text: string, columns: number): number {
  const rows = text
    .split('\n')
    .map((line) => Math.max(1, Math.ceil(line.length / (columns || Number.POSITIVE_INFINITY))))
  return rows.reduce((sum, count) => sum + count)
}
