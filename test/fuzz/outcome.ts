// The built package: a child process of the pool cannot load TypeScript.
import type { Bundled } from '../../dist/program/documents/open-bundled.js'
import { writtenMarkdown } from '../../dist/program/documents/written-markdown.js'
import type { ConvertErrorCode } from '../../src/convert/index.js'

/** What came of a document: `Markdown`, or the code of an error that says what is wrong. */
export type Verdict = { kind: string } | { broken: string }

const known: Record<ConvertErrorCode, true> = {
  FILE_NOT_FOUND: true,
  NOT_A_FILE: true,
  FILE_UNREADABLE: true,
  FILE_EMPTY: true,
  FILE_CORRUPT: true,
  FILE_ENCRYPTED: true,
  FILE_TOO_LARGE: true,
  FORMAT_UNSUPPORTED: true,
  ENGINE_MISSING: true,
  INVALID_OPTION: true,
}

/** Judges what `convert` resolved to, or rejected with. */
export function judge(path: string, outcome: unknown): Verdict {
  const { markdown, name, code, message = '' } = Object(outcome) as Record<string, unknown>
  if (!(outcome instanceof Error))
    return typeof markdown === 'string' && markdown.endsWith('\n')
      ? { kind: 'Markdown' }
      : { broken: 'no Markdown and no error' }
  const text = String(message)
  if (text.includes('\n') || !text.startsWith(`${path}: `)) return { broken: `an unclear error: ${text}` }
  if (name === 'ConvertError' && Object.hasOwn(known, String(code))) return { kind: String(code) }
  if (code === 'CRASHED' && text.includes('needed more than')) return { kind: 'over the memory limit' }
  return { broken: `${name} ${code}: ${text}` }
}

/** What `raincheck convert` does with a document: the conversion in a child, the text of the file in its own process. */
export async function convertToText({ convert }: Bundled, path: string): Promise<unknown> {
  try {
    const result = await convert.value({ path })
    await writtenMarkdown(path, { result, settledAt: 0 }, true)
    return result
  } catch (error) {
    return error
  }
}
