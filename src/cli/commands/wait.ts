import type { Duration } from '../../index.js'
import { describeAnswer, exitCodeOf, facts } from '../describe-answer.js'
import type { ExitCode } from '../exit-codes.js'
import { withStore } from '../with-store.js'

/** `raincheck wait <ref>`: ends with the task's own outcome, or with `notDone` after `--timeout`. */
export async function wait(ref: string, options: { timeout?: Duration; json?: boolean }): Promise<ExitCode> {
  const answer = await withStore((rain) =>
    rain.poll(ref, { wait: options.timeout ?? Number.POSITIVE_INFINITY }),
  )
  process.stdout.write(`${options.json ? JSON.stringify(facts(answer)) : describeAnswer(answer)}\n`)
  return exitCodeOf(answer)
}
