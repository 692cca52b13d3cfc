import type { Converter } from '../convert-context.js'
import { loadEngine } from '../engine.js'
import { markdownTable } from '../markdown/table.js'
import { readPlainText } from './plain-text.js'

export const convertCsv: Converter = (path, { signal }) => convertRows(path, [',', ';', '\t', '|'], signal)

export const convertTsv: Converter = (path, { signal }) => convertRows(path, ['\t'], signal)

async function convertRows(path: string, delimiters: string[], signal?: AbortSignal): Promise<string> {
  const { default: papa } = await loadEngine('papaparse', path, () => import('papaparse'))
  const text = await readPlainText(path)
  signal?.throwIfAborted()
  // Excel tells its delimiter in a first line of its own.
  const [mark = '', told = ''] = /^sep=(.)\r?\n/i.exec(text) ?? []
  const delimiter = told || (delimiters.length === 1 ? '\t' : '')
  const { data } = papa.parse<string[]>(text.slice(mark.length), {
    delimiter,
    delimitersToGuess: delimiters,
    skipEmptyLines: 'greedy',
  })
  return data.length === 0 ? '' : markdownTable(data)
}
