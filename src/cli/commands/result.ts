import { describeAnswer, exitCodeOf, facts } from '../describe-answer.js'
import type { ExitCode } from '../exit-codes.js'
import { withStore } from '../with-store.js'

/** `raincheck result <ref>`: the bare result on stdout, and nothing else there. */
export async function result(ref: string, options: { json?: boolean }): Promise<ExitCode> {
  const answer = await withStore((rain) => rain.poll(ref))
  if (options.json) {
    const shown = answer.status === 'complete' ? answer : facts(answer)
    process.stdout.write(`${JSON.stringify(shown)}\n`)
  } else if (answer.status === 'complete') {
    process.stdout.write(asText(answer.value))
  } else {
    const hint = 'pollAfterMs' in answer ? `; wait for it with: raincheck wait ${ref}` : ''
    process.stderr.write(`raincheck: there is no result: ${describeAnswer(answer)}${hint}\n`)
  }
  return exitCodeOf(answer)
}

// A converted document is its Markdown.
function asText(value: unknown): string {
  if (typeof value === 'string') return value
  const isDocument = typeof value === 'object' && value !== null && 'markdown' in value
  if (isDocument && typeof value.markdown === 'string') return value.markdown
  return `${JSON.stringify(value, null, 2)}\n`
}
