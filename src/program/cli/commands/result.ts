import { toJson } from '../../../core/values/to-json.js'
import { describeAnswer, exitCodeOf, facts } from '../describe-answer.js'
import type { ExitCode } from '../exit-codes.js'
import { printValue } from '../print.js'
import { writeOut } from '../stdout.js'
import { withStore } from '../store.js'

/** `raincheck result <ref>`: the bare result on stdout, and nothing else there. */
export async function result(ref: string, options: { json?: boolean }): Promise<ExitCode> {
  const answer = await withStore((rain) => rain.poll(ref))
  if (options.json) {
    const value = answer.status === 'complete' ? { value: answer.value } : {}
    writeOut(`${toJson({ ...facts(answer), ...value })}\n`)
  } else if (answer.status === 'complete') printValue(answer.value)
  else {
    const hint = 'pollAfterMs' in answer ? `; wait for it with: raincheck wait ${ref}` : ''
    process.stderr.write(`raincheck: there is no result: ${describeAnswer(answer)}${hint}\n`)
  }
  return exitCodeOf(answer)
}
