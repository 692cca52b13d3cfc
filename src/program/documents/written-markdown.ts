import { basename } from 'node:path'
import { type ConvertResult, withFrontMatter } from '../../convert/index.js'

/** A document's conversion, and when it was done: milliseconds since 1970. */
export interface Converted {
  result: ConvertResult
  settledAt: number
}

/**
 * What is written to a file. The time is that of the conversion, not of the writing: a task that is run again then
 * writes the same, and finds that it did.
 */
export async function writtenMarkdown(
  source: string,
  { result, settledAt }: Converted,
  frontMatter: boolean,
): Promise<string> {
  const { markdown, metadata, format } = result
  if (!frontMatter) return markdown
  const own = { ...metadata, format, source: basename(source), converted_at: new Date(settledAt) }
  return withFrontMatter(markdown, own)
}
