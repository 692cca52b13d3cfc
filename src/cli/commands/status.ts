import { describeAnswer, facts } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { withStore } from '../with-store.js'

/** `raincheck status <ref>`: succeeds whatever the status is. */
export async function status(ref: string, options: { json?: boolean }): Promise<ExitCode> {
  const answer = await withStore((rain) => rain.poll(ref))
  process.stdout.write(`${options.json ? JSON.stringify(facts(answer)) : describeAnswer(answer)}\n`)
  return exitCodes.success
}
