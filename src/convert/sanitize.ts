import { stripVTControlCharacters } from 'node:util'

export interface Sanitized {
  text: string
  /** How many characters were taken out. */
  removed: number
}

/**
 * Takes characters out that a reader does not see and a program does: they hide instructions from people, or words
 * from filters. What a script or an emoji needs stays: joiners within words, one variation selector on a sign that has
 * variants, a direction mark beside a letter written from right to left.
 */
export function sanitize(text: string): Sanitized {
  if (!SUSPECT.test(text)) return { text, removed: 0 }
  const plain = text.includes('\x1b') ? stripVTControlCharacters(text) : text
  const clean = plain.replace(HIDING, '$<flag>')
  return { text: clean, removed: text.length - clean.length }
}

const SUSPECT =
  /[^\P{Cc}\t\n]|\u034f|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\p{Variation_Selector}|[\u{e0000}-\u{e007f}]/u

// Scripts that join or part letters by ZWJ and ZWNJ, and those that write words without spaces.
const JOINING = [
  'Arabic',
  'Syriac',
  'Nko',
  'Mongolian',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Tibetan',
  'Myanmar',
  'Khmer',
]
const UNSPACED = ['Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan', 'Javanese']
const RIGHT_TO_LEFT = ['Arabic', 'Hebrew', 'Syriac', 'Thaana', 'Nko']

function scripts(names: string[]): string {
  return `[${names.map((name) => `\\p{Script=${name}}`).join('')}]`
}

const EMOJI = String.raw`(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)`
const VARIED = String.raw`[\p{Emoji}\p{S}\p{P}\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}]`

const HIDING = new RegExp(
  [
    String.raw`[^\P{Cc}\t\n]|\u034f|[\xad\u180e\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]`,
    String.raw`(?<!${scripts(UNSPACED)})\u200b`,
    String.raw`(?<!${scripts(JOINING)})\u200c`,
    String.raw`(?<!${scripts(JOINING)})(?<!${EMOJI}(?=\u200d\p{Extended_Pictographic}))\u200d`,
    String.raw`(?<!${scripts(RIGHT_TO_LEFT)})[\u061c\u200e\u200f](?!${scripts(RIGHT_TO_LEFT)})`,
    String.raw`(?<!${VARIED})[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
    // A black flag with a region spelt in tags is the flag of that region; tags elsewhere spell what nobody sees.
    String.raw`(?<flag>\u{1f3f4}[\u{e0030}-\u{e007a}]{2,8}\u{e007f})|[\u{e0000}-\u{e007f}]`,
  ].join('|'),
  'gu',
)
