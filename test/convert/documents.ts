import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ConvertContext,
  type ConvertInput,
  convert,
  type DocumentMetadata,
} from '../../src/convert/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

export const sample = (name: string) => join('..', 'shared', 'samples', name)

/** The Markdown alone, which is what most tests look at. */
export async function toMarkdown(input: ConvertInput, context?: ConvertContext): Promise<string> {
  return (await convert(input, context)).markdown
}

export async function markdownOf(path: string): Promise<string> {
  return toMarkdown({ path })
}

/** What a document says about itself. */
export async function metadataOf(path: string): Promise<DocumentMetadata> {
  return (await convert({ path })).metadata
}

/** A file with this name and content, in a folder of its own that goes with the test. */
export async function documentFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

export function headings(markdown: string, level: number): string[] {
  const marks = `${'#'.repeat(level)} `
  return linesOf(markdown).flatMap((line) => (line.startsWith(marks) ? line.slice(marks.length) : []))
}

/** Each table as its rows of cells, without the rule under the head. */
export function tables(markdown: string): string[][][] {
  const blocks = markdown.split('\n\n').filter((block) => block.startsWith('|'))
  return blocks.map((block) => {
    const [head = '', , ...rows] = linesOf(block)
    return [head, ...rows].map(cellsOf)
  })
}

/** The strings that are missing, or that do not come after the ones before them. */
export function outOfOrder(markdown: string, strings: string[]): string[] {
  let from = 0
  return strings.filter((string) => {
    const at = markdown.indexOf(string, from)
    if (at >= 0) from = at + string.length
    return at < 0
  })
}

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n')
}

function cellsOf(row: string): string[] {
  const cells = row.replace(/^\||\|$/g, '').split(/(?<!\\)\|/)
  return cells.map((cell) => cell.trim())
}
