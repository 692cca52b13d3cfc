import { stripVTControlCharacters } from 'node:util'
import type { Converter } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { htmlToMarkdown } from '../html/html.js'
import { codeBlock } from '../markdown/code.js'
import { parseJson } from './json.js'
import { readPlainText } from './plain-text.js'

export const convertNotebook: Converter = async (path, { metadata, progress, signal }) => {
  const notebook = asRecord(parseJson(await readPlainText(path), path))
  // Version 3 had its cells in work sheets.
  const cells = [notebook, ...asRecords(notebook.worksheets)].flatMap((sheet) => asRecords(sheet.cells))
  if (!Array.isArray(notebook.cells) && !Array.isArray(notebook.worksheets)) {
    throw damaged(path, 'notebook', new Error('it has no list of cells'))
  }
  const about = asRecord(notebook.metadata)
  const authors = asRecords(about.authors).flatMap(({ name }) => (typeof name === 'string' ? name : []))
  metadata({ title: joined(about.title) || undefined, author: authors.join(', ') || undefined })
  const parts: string[] = []
  for (const [index, cell] of cells.entries()) {
    signal?.throwIfAborted()
    parts.push(...(await writeCell(cell, languageOf(about), path)))
    progress?.({ current: index + 1, total: cells.length, message: `cell ${index + 1} of ${cells.length}` })
  }
  return parts.filter((part) => part.trim() !== '').join('\n\n')
}

type Json = Record<string, unknown>

function languageOf(about: Json): string {
  const language = asRecord(about.language_info).name ?? asRecord(about.kernelspec).language
  return typeof language === 'string' && /^[\w+#.-]+$/.test(language) ? language : 'python'
}

async function writeCell(cell: Json, language: string, path: string): Promise<string[]> {
  const source = joined(cell.source ?? cell.input)
  switch (cell.cell_type) {
    case 'code': {
      const outputs = asRecords(cell.outputs).map((output) => writeOutput(output, path))
      return [source.trim() === '' ? '' : codeBlock(source, language), ...(await Promise.all(outputs))]
    }
    case 'heading':
      return [`${'#'.repeat(Math.min(6, Number(cell.level) || 1))} ${source}`]
    case 'raw':
      return [codeBlock(source)]
    default:
      return [source.replace(/\]\(attachment:[^)\s]*\)/g, '](image)')]
  }
}

async function writeOutput(output: Json, path: string): Promise<string> {
  if (output.output_type === 'stream') return textBlock(joined(output.text))
  if (Array.isArray(output.traceback)) return textBlock(output.traceback.map(joined).join('\n'))
  const { text, html, ...types } = output
  const data: Json = { 'text/plain': text, 'text/html': html, ...types, ...asRecord(output.data) }
  const plain = joined(data['text/plain'])
  if (data['text/markdown']) return joined(data['text/markdown'])
  const picture = Object.keys(data).some(
    (type) => type.startsWith('image/') || /^(?:png|jpeg|svg)$/.test(type),
  )
  if (picture) return `![${plain.replace(/[[\]\s]+/g, ' ').trim() || 'output'}](image)`
  const table = joined(data['text/html'])
  if (/<table\b/i.test(table)) return (await htmlToMarkdown(table, path)).trim()
  if (plain) return textBlock(plain)
  return table ? (await htmlToMarkdown(table, path)).trim() : textBlock(joined(data['text/latex']))
}

function textBlock(text: string): string {
  const plain = stripVTControlCharacters(text)
  return plain.trim() === '' ? '' : codeBlock(plain, 'text')
}

// Texts are stored as a string or as a list of lines.
function joined(value: unknown): string {
  if (Array.isArray(value)) return value.filter((line) => typeof line === 'string').join('')
  return typeof value === 'string' ? value : ''
}

function asRecord(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function asRecords(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(asRecord) : []
}
