import type { Converter } from '../convert-context.js'
import { ConvertError } from '../convert-error.js'
import { codeBlock } from '../markdown/code.js'
import { readPlainText } from './plain-text.js'

export const convertJson: Converter = async (path) => {
  const text = await readPlainText(path)
  parseJson(text, path)
  return codeBlock(indented(text), 'json')
}

export const convertJsonLines: Converter = async (path) => {
  const lines = (await readPlainText(path)).split(/\r?\n/)
  lines.forEach((line, index) => {
    if (line.trim() !== '') parseJson(line, path, index + 1)
  })
  return codeBlock(lines.join('\n'), 'jsonl')
}

export function parseJson(text: string, path: string, line?: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/\s+/g, ' ') : String(cause)
    const place = line === undefined ? '' : ` in line ${line}`
    throw new ConvertError('FILE_CORRUPT', `${path}: is no valid JSON${place} (${reason}); mend it`, {
      cause,
    })
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|\{\s*\}|\[\s*\]|[{}[\],:]|\s+/g
// Pieces of a long text that end between strings: replacing all at once would hold every token.
const PIECE = /(?:"[^"\\]*(?:\\.[^"\\]*)*"|[^"]{1,10000}){1,1000}/g
// What is nested deeper is indented no further, or a line of brackets would grow to its square.
const DEEPEST = 40
const LINE_STARTS = Array.from({ length: DEEPEST + 1 }, (_, depth) => `\n${'  '.repeat(depth)}`)

// By its tokens and not by its values, which would round long numbers and drop doubled keys.
function indented(json: string): string {
  let depth = 0
  const lineStart = (change: number) => {
    depth += change
    return LINE_STARTS[Math.min(depth, DEEPEST)]
  }
  const indentToken = (token: string) => {
    switch (token) {
      case '{':
      case '[':
        return token + lineStart(1)
      case '}':
      case ']':
        return lineStart(-1) + token
      case ',':
        return token + lineStart(0)
      case ':':
        return ': '
      default:
        return token.startsWith('"') ? token : token.replace(/\s+/g, '')
    }
  }
  const pieces = json.trim().match(PIECE) ?? []
  return pieces.map((piece) => piece.replace(TOKEN, indentToken)).join('')
}
