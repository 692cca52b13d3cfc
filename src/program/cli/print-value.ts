import { markdownOf } from '../documents/markdown-of.js'

/** A text, or that of a converted document, as it is; anything else as JSON. */
export function printValue(value: unknown): void {
  const text = markdownOf(value) ?? value
  process.stdout.write(typeof text === 'string' ? text : `${JSON.stringify(text ?? null, null, 2)}\n`)
}
