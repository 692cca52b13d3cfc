import { setTimeout as sleep } from 'node:timers/promises'
import type { Raincheck, Status, TaskSummary } from '../../../index.js'
import { describeAnswer, facts } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { type CliStore, seeToWorker, withStore } from '../store.js'

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
    const look = () => (ref === 'all' ? listed(rain, options) : one(rain, ref))
    const screen = new Screen()
    for (;;) {
      const tasks = await look()
      const isLive = tasks.some((task) => task.status === 'pending' || task.status === 'processing')
      screen.show(text(tasks, ref, options))
      if (isLive) await seeToWorker(rain, store as CliStore)
      if (!options.watch || !isLive) return exitCodes.success
      await sleep(WATCH_EVERY_MS)
    }
  })
}

async function one(rain: Raincheck, ref: string): Promise<TaskSummary[]> {
  return [await rain.poll(ref)]
}

async function listed(rain: Raincheck, { name, status, limit }: StatusOptions): Promise<TaskSummary[]> {
  const { tasks } = await rain.list({
    ...(name === undefined ? {} : { name }),
    ...(status === undefined ? {} : { status }),
    ...(limit === undefined ? {} : { limit }),
  })
  return tasks
}

function text(tasks: readonly TaskSummary[], ref: string, { json }: StatusOptions): string {
  if (ref === 'all') {
    if (json) return JSON.stringify(tasks.map(facts))
    return tasks.map((task) => `${task.ref}  ${task.name}  ${describeAnswer(task)}`).join('\n')
  }
  return tasks.map((task) => (json ? JSON.stringify(facts(task)) : describeAnswer(task))).join('\n')
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
