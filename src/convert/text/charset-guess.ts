import { TextDecoder } from 'node:util'

/**
 * The East Asian charset that bytes are in, if any. Each has its frequent characters in a range of its own; what is in
 * another charset decodes to rare ones or not at all. Statistics of letters, which tell other charsets, fail for the
 * few characters of a table.
 */
export function guessEastAsian(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  const text = new TextDecoder('latin1').decode(sample)
  const likely = charsets.filter((charset) => fits(charset, text) && decodes(sample, charset.label))
  return likely.sort((a, b) => share(b, text) - share(a, text))[0]?.label
}

interface Charset {
  label: string
  /** Two bytes, but for the half-width kana of Shift-JIS. */
  character: RegExp
  frequent: RegExp
  /** What there has to be besides, since the frequent Chinese characters are hangul and kanji as well. */
  sign?: RegExp
}

const SAMPLE_BYTES = 64 * 1024
const LEAST_SHARE = 0.7
const PAIR = /[\x80-\xff][\x40-\xff]/g

// The first of those that fit as well as each other is taken.
const charsets: Charset[] = [
  {
    label: 'shift_jis',
    character: /[\xa1-\xdf]|[\x80-\xff][\x40-\xff]/g,
    frequent:
      /^(?:[\xa1-\xdf]|\x81[\x40-\xac]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|\x88[\x9f-\xfc]|[\x89-\x97][\x40-\xfc])$/,
    sign: /[\x81-\x83\x88-\x97][\x40-\xfc]/,
  },
  { label: 'euc-jp', character: PAIR, frequent: /^[\xa1\xa4\xa5\xb0-\xcf]/, sign: /[\xa4\xa5][\xa1-\xf6]/ },
  {
    label: 'euc-kr',
    character: PAIR,
    frequent: /^[\xa1\xb0-\xc8]/,
    sign: /(?:[\xb0-\xc8][\xa1-\xfe][^\x80-\xff]*){6}/,
  },
  { label: 'gb18030', character: PAIR, frequent: /^[\xa1\xa3\xb0-\xd7][\xa1-\xfe]/ },
  { label: 'big5', character: PAIR, frequent: /^[\xa1\xa4-\xc6]/, sign: /[\xa4-\xc6][\xa1-\xfe]/ },
]

function fits(charset: Charset, text: string): boolean {
  return share(charset, text) >= LEAST_SHARE && (charset.sign?.test(text) ?? true)
}

function share({ character, frequent }: Charset, text: string): number {
  const characters = text.match(character) ?? []
  return characters.filter((found) => frequent.test(found)).length / Math.max(1, characters.length)
}

function decodes(sample: Uint8Array, label: string): boolean {
  try {
    // A sample may end within a character.
    new TextDecoder(label, { fatal: true }).decode(sample, { stream: sample.length === SAMPLE_BYTES })
    return true
  } catch {
    return false
  }
}
