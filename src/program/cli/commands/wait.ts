import { isLive } from '../../../core/words/task-store.js'
import type { Answer, Raincheck } from '../../../index.js'
import { describeAnswer, exitCodeOf, facts } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { print } from '../print.js'
import { type CliStore, seeToWorker, withStore } from '../store.js'

/** How long a worker that was killed may be missed, in milliseconds. */
const LOOK_EVERY_MS = 2_000

/** `raincheck wait <ref…>`: ends with the task's own outcome, or with `notDone` after `--timeout`, or where it asks. */
export async function wait(refs: string[], options: { timeout?: number; json?: boolean }): Promise<ExitCode> {
  const deadline = Date.now() + (options.timeout ?? Number.POSITIVE_INFINITY)
  const answers = await withStore((rain, store) =>
    Promise.all(refs.map((ref) => settled(rain, store, ref, deadline))),
  )
  for (const answer of answers) print(facts(answer), describeAnswer(answer), options)
  return exitCodeOfAll(answers.map(exitCodeOf))
}

async function settled(
  rain: Raincheck,
  store: CliStore,
  ref: string,
  deadline: number,
): Promise<Answer<unknown>> {
  for (;;) {
    const leftMs = Math.max(0, deadline - Date.now())
    const answer = await rain.poll(ref, { wait: Math.min(LOOK_EVERY_MS, leftMs) })
    if (!isLive(answer)) return answer
    await seeToWorker(rain, store)
    if (answer.requests || leftMs <= LOOK_EVERY_MS) return answer
  }
}

/** Of several tasks: what they have in common, or that some failed, or that some are not done. */
function exitCodeOfAll(codes: readonly ExitCode[]): ExitCode {
  const [first = exitCodes.success] = codes
  if (codes.every((code) => code === first)) return first
  return codes.includes(exitCodes.notDone) ? exitCodes.notDone : exitCodes.partial
}
