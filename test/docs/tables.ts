import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './snippets.js'

/** The rows of the first table below a heading of a page, as lists of cells, without the heads of its columns. */
export async function rowsBelow(page: string, heading: string): Promise<string[][]> {
  const lines = (await readFile(join(root, page), 'utf8')).split('\n')
  const at = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading)
  if (at < 0) throw new Error(`${page} has no heading "${heading}"`)
  const below = lines.slice(at + 1)
  const end = below.findIndex((line) => /^#+ /.test(line))
  const section = end < 0 ? below : below.slice(0, end)
  const first = section.findIndex((line) => line.startsWith('|'))
  if (first < 0) return []
  const length = section.slice(first).findIndex((line) => !line.startsWith('|'))
  const table = length < 0 ? section.slice(first) : section.slice(first, first + length)
  return table.slice(2).map(cellsOf)
}

/** All names in backquotes that a cell begins with, such as two spellings of an option. */
export function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

/** The names of the fields of an interface, as its source declares them. */
export async function fieldsOf(file: string, name: string): Promise<string[]> {
  const text = await readFile(join(root, file), 'utf8')
  const [, body] = new RegExp(`^export interface ${name}\\b[^\\n]*\\{\\n(.*?)^\\}`, 'ms').exec(text) ?? []
  if (body === undefined) throw new Error(`${file} has no interface ${name}`)
  const code = body.replace(/\/\*.*?\*\//gs, '')
  return [...code.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, field = '']) => field)
}

function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())
}
