import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { InnerFile, InnerOutcome } from './convert-context.js'
import { ConvertError } from './convert-error.js'
import type { FilledOptions } from './convert-options.js'

/** What is left of the limits for everything that one document holds, however deep. */
export interface Budget {
  bytes: number
  entries: number
}

export function fullBudget({ maxUnpackedBytes, maxArchiveEntries }: FilledOptions): Budget {
  return { bytes: maxUnpackedBytes, entries: maxArchiveEntries }
}

/**
 * Converts a file that came inside another by way of a temporary file, since most engines take a path. What came out
 * counts against the budget as well, or an archive of archives could write without end.
 */
export async function convertInnerFile(
  { name, content }: InnerFile,
  budget: Budget,
  depth: number,
  convertFile: (path: string) => Promise<string>,
): Promise<InnerOutcome> {
  if (--budget.entries < 0) return { refusal: 'is one file too many; raise the option maxArchiveEntries' }
  if (depth === DEEPEST) return { refusal: `lies more than ${DEEPEST} files deep; unpack it first` }
  budget.bytes -= content.byteLength
  if (budget.bytes < 0) return { refusal: 'unpacks to too much; raise the option maxUnpackedBytes' }
  const folder = await mkdtemp(join(tmpdir(), 'raincheck-inner-'))
  // Only the extension says something, and the name may be none that can be written.
  const path = join(folder, `file${/^\.\w{1,16}$/.exec(extname(name)) ?? ''}`)
  try {
    await writeFile(path, content)
    const markdown = await convertFile(path)
    budget.bytes -= markdown.length
    return { markdown }
  } catch (error) {
    if (!(error instanceof ConvertError)) throw error
    return { refusal: error.message.replace(`${path}: `, '').replace(/; supported are .*/, '') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const DEEPEST = 4
