export type RtfToken =
  | { kind: 'open' | 'close' }
  | { kind: 'word'; word: string; value: number | undefined }
  | { kind: 'symbol'; symbol: string }
  /** Bytes of the document's or the font's charset, a character each. */
  | { kind: 'bytes'; bytes: string }

/** What an RTF file consists of, without its pictures' bytes. */
export function* readTokens(rtf: string): Generator<RtfToken> {
  const token = new RegExp(TOKEN, 'gy')
  for (let match = token.exec(rtf); match; match = token.exec(rtf)) {
    const [all, word, value, hex, symbol] = match
    if (all === '{') yield { kind: 'open' }
    else if (all === '}') yield { kind: 'close' }
    else if (word === 'bin') token.lastIndex += Math.max(0, Number(value ?? 0))
    else if (word) yield { kind: 'word', word, value: value === undefined ? undefined : Number(value) }
    else if (hex) yield { kind: 'bytes', bytes: String.fromCharCode(Number.parseInt(hex, 16)) }
    else if (symbol) yield { kind: 'symbol', symbol }
    else if (all.startsWith('\\')) yield { kind: 'word', word: 'par', value: undefined }
    else if (!/^[\r\n]/.test(all)) yield { kind: 'bytes', bytes: all }
  }
}

const TOKEN = [
  '[{}]',
  String.raw`\\([a-zA-Z]{1,32})(-?\d{1,10})? ?`,
  String.raw`\\'([\da-fA-F]{2})`,
  String.raw`\\([^a-zA-Z\r\n])`,
  String.raw`\\(?:\r\n?|\n|$)`,
  String.raw`[\r\n]+`,
  String.raw`[^\\{}\r\n]+`,
].join('|')
