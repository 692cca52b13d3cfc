import type { Converter, InnerOutcome } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { lowerHeadings } from '../markdown/lines.js'
import { inlineText } from '../markdown/table.js'
import { withZip } from './parts.js'

/** The files of an archive in the order of its directory, each under a heading. */
export const convertZip: Converter = (path, { signal, progress, convertInner }, { maxUnpackedBytes }) =>
  withZip(path, maxUnpackedBytes, async ({ names, read }) => {
    const files = names.filter((name) => !isNoise(name))
    const parts: string[] = []
    for (const [index, name] of files.entries()) {
      signal?.throwIfAborted()
      const outcome = await read(name).then(
        (content) => convertInner({ name, content }),
        (error: unknown): InnerOutcome => ({ refusal: damaged('', name, error).message.slice(2) }),
      )
      parts.push(writeInnerFile(name, outcome, 1))
      progress?.({ current: index + 1, total: files.length, message: `file ${index + 1} of ${files.length}` })
    }
    return parts.join('\n\n')
  })

/** A file under a heading of that level, and what it has below it. */
export function writeInnerFile(name: string, outcome: InnerOutcome, level: number): string {
  const heading = `${'#'.repeat(level)} ${inlineText(name)}`
  if ('refusal' in outcome) return `${heading}\n\n*Not converted: ${inlineText(outcome.refusal)}*`
  return `${heading}\n\n${lowerHeadings(outcome.markdown, level).trim()}`.trimEnd()
}

// Folders, and what macOS and Windows put beside people's files.
function isNoise(name: string): boolean {
  return name.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/.test(name)
}
