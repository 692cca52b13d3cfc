import { toJson } from '../../../core/values/to-json.js'
import { given } from '../../../core/words/given.js'
import { isLive } from '../../../core/words/task-store.js'
import { pause } from '../../../core/words/timers.js'
import type { ListOptions, Status, TaskSummary } from '../../../index.js'
import type { TaskReader } from '../../../read-tasks.js'
import { describeAnswer, facts } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { writeOut } from '../stdout.js'
import { seeToWorker, withReader, withStore } from '../store.js'

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
  const { watch, name, status, limit } = options
  const filter = given({ name, status, limit })
  const found = watch ? undefined : await withReader((tasks) => lookOnce(tasks, ref, filter))
  if (found) {
    new Screen().show(text(found, ref, options))
    return exitCodes.success
  }
  return withStore(async (rain, store) => {
    const look = async () => (ref === 'all' ? (await rain.list(filter)).tasks : [await rain.poll(ref)])
    const screen = new Screen()
    for (;;) {
      const tasks = await look()
      const areLive = tasks.some(isLive)
      screen.show(text(tasks, ref, options))
      if (!watch || !areLive) return exitCodes.success
      await seeToWorker(rain, store)
      await pause(WATCH_EVERY_MS)
    }
  })
}

async function lookOnce(
  tasks: TaskReader,
  ref: string,
  filter: ListOptions,
): Promise<readonly TaskSummary[] | undefined> {
  if (ref === 'all') return tasks.list(filter)
  const found = await tasks.find(ref)
  return found && [found]
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
    if (this.#shown && process.stdout.isTTY)
      writeOut(`\x1b[${rowsOf(this.#shown, process.stdout.columns)}A\x1b[J`)
    if (text !== '') writeOut(`${text}\n`)
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
