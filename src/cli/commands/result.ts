import { describeAnswer, exitCodeOf, facts } from '../describe-answer.js'
import type { ExitCode } from '../exit-codes.js'
import { seeToWorker, withStore } from '../store.js'

/** `raincheck result <ref>`: the bare result on stdout, and nothing else there. */
export async function result(ref: string, options: { json?: boolean }): Promise<ExitCode> {
  const answer = await withStore(async (rain, store) => {
    const found = await rain.poll(ref)
    if ('pollAfterMs' in found) await seeToWorker(rain, store)
    return found
  })
  if (options.json) {
    const shown = answer.status === 'complete' ? answer : facts(answer)
    process.stdout.write(`${JSON.stringify(shown)}\n`)
  } else if (answer.status === 'complete') printValue(answer.value)
  else {
    const hint = 'pollAfterMs' in answer ? `; wait for it with: raincheck wait ${ref}` : ''
    process.stderr.write(`raincheck: there is no result: ${describeAnswer(answer)}${hint}\n`)
  }
  return exitCodeOf(answer)
}

/** A text, or that of a converted document, as it is; anything else as JSON. */
export function printValue(value: unknown): void {
  const text = isDocument(value) ? value.markdown : value
  process.stdout.write(typeof text === 'string' ? text : `${JSON.stringify(text ?? null, null, 2)}\n`)
}

function isDocument(value: unknown): value is { markdown: unknown } {
  return typeof value === 'object' && value !== null && 'markdown' in value
}
