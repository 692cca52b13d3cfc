import type { Converter } from './convert-context.js'
import { ConvertError } from './convert-error.js'
import { codeBlock } from './markdown-code.js'
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

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
// What is nested deeper is indented no further, or a line of brackets would grow to its square.
const DEEPEST = 40

// By its tokens and not by its values, which would round long numbers and drop doubled keys.
function indented(json: string): string {
  let depth = 0
  let last = ''
  const parts: string[] = []
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']'
    if (closes) depth--
    const isEmpty = closes && (last === '{' || last === '[')
    const opens = last === '{' || last === '[' || last === ','
    if ((opens || closes) && !isEmpty) parts.push(`\n${'  '.repeat(Math.min(depth, DEEPEST))}`)
    parts.push(token === ':' ? ': ' : token)
    if (token === '{' || token === '[') depth++
    last = token
  }
  return parts.join('')
}
