import { describe, expect, it } from 'vitest'
import { documentFile, toMarkdown } from './documents.js'

async function fromBytes(bytes: Uint8Array): Promise<string> {
  return toMarkdown({ path: await documentFile('text.txt', bytes) })
}

const hex = (bytes: string) => Buffer.from(bytes.replaceAll(' ', ''), 'hex')

// Node writes UTF-8, UTF-16 and Latin-1 only, so the rest is given as bytes.
describe('text without a declared charset', () => {
  it.each([
    ['Shift-JIS', '82b182ea82cd83658358836782c582b78142', 'これはテストです。'],
    ['EUC-JP', 'a4b3a4eca4cfa5c6a5b9a5c8a4c7a4b9a1a3', 'これはテストです。'],
    ['ISO-2022-JP', '1b2442243324 6c1b2842', 'これ'],
    ['GBK', 'd5e2cac7d2bbb8f6b2e2cad4a1a3', '这是一个测试。'],
    ['Big5', 'b36fac4fa440add3b4fab8d5a143', '這是一個測試。'],
    ['EUC-KR', 'c0cc b0cd c0ba 20 bdc3 c7e8 c0d4 b4cf b4d9 2e', '이것은 시험입니다.'],
    ['windows-1251', 'cff0e8e2e5f22c20ece8f0', 'Привет, мир'],
    ['KOI8-R', 'f0d2c9d7c5d42c20cdc9d2', 'Привет, мир'],
    ['windows-1252', '93 48 69 94 20 96 20 80 35', '“Hi” – €5'],
    ['Latin-1 of few letters', '636166e9', 'café'],
    [
      'windows-1252, which looks like Latin-1 with signs that are none',
      Buffer.from(
        'Grüße aus Köln: das schöne Wetter ist \x93über Nacht\x94 nach München gezogen.',
        'latin1',
      ).toString('hex'),
      'Grüße aus Köln: das schöne Wetter ist “über Nacht” nach München gezogen.',
    ],
  ])('is read as %s', async (_, bytes, text) => {
    expect(await fromBytes(hex(bytes))).toBe(`${text}\n`)
  })

  it('is read by its byte order mark, which is dropped', async () => {
    expect(await fromBytes(Buffer.from('\ufeffnaïve 雨', 'utf16le'))).toBe('naïve 雨\n')
    expect(await fromBytes(Buffer.from('\ufeffnaïve 雨', 'utf16le').swap16())).toBe('naïve 雨\n')
    expect(await fromBytes(Buffer.from('\ufeffnaïve 雨'))).toBe('naïve 雨\n')
  })
})
