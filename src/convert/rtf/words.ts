import { codePage, fontCharsets } from './charsets.js'
import { destinations } from './destinations.js'
import { plainParagraph } from './document.js'
import { plainRun, type RtfState } from './state.js'

/** Carries out a sign that is written as a word of one character. */
export function applySymbol(state: RtfState, symbol: string): void {
  if (symbol === '*') state.group.optional = true
  else if ('\\{}~_'.includes(symbol)) state.addBytes(symbol === '~' ? ' ' : symbol === '_' ? '-' : symbol)
}

/** Carries out a word of the file. Words that say nothing about the text are many, and passed over. */
export function applyWord(state: RtfState, word: string, value: number | undefined): void {
  if (word === 'u' && value !== undefined) addUnicode(state, value)
  else {
    state.flush()
    const { group } = state
    const { optional } = group
    group.optional = false
    const destination = group.destination === 'skip' ? undefined : entry(destinations, word)
    if (optional && !destination) group.destination = 'skip'
    if (destination) destination(state)
    else if (group.destination !== 'skip') applyFormat(state, word, value)
  }
}

// Words without a number switch on, with 0 off.
type Apply = (state: RtfState, value: number | undefined) => void

function applyFormat(state: RtfState, word: string, value: number | undefined): void {
  const sign = entry(signs, word)
  if (sign === undefined) entry(formats, word)?.(state, value)
  else if (state.toSkip > 0) state.toSkip--
  else state.addText(sign)
}

// Words are the file's, and an object has names of its own besides its entries.
function entry<T>(table: Record<string, T>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

function addUnicode(state: RtfState, value: number): void {
  state.flush()
  if (state.group.destination === 'skip') return
  state.addText(fromSymbolFont(String.fromCharCode(value & 0xffff)))
  state.toSkip = state.group.fallbacks
}

// Bullets of the fonts Symbol and Wingdings lie in an area of their own that other fonts show as boxes.
function fromSymbolFont(character: string): string {
  return /[\uf020-\uf0ff]/.test(character) ? '•' : character
}

const signs: Record<string, string> = {
  tab: '\t',
  line: '\n',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  endash: '–',
  emdash: '—',
  enspace: ' ',
  emspace: ' ',
  zwj: '\u200d',
  zwnj: '\u200c',
  // Tables in a cell become the text of that cell.
  nestcell: ' ',
  nestrow: '\n',
}

function formatRun(change: (value: number | undefined) => object): Apply {
  return ({ group }, value) => {
    group.run = { ...group.run, ...change(value) }
  }
}

function formatParagraph(change: (value: number | undefined) => object): Apply {
  return ({ group }, value) => {
    group.paragraph = { ...group.paragraph, ...change(value) }
  }
}

const endParagraph: Apply = ({ builder, group }) => {
  if (group.destination === 'text') builder.endParagraph(group.paragraph)
}

const formats: Record<string, Apply> = {
  par: endParagraph,
  sect: endParagraph,
  page: endParagraph,
  cell: ({ builder, group }) => builder.endCell(group.paragraph),
  row: ({ builder }) => builder.endRow(),
  b: formatRun((value) => ({ bold: value !== 0 })),
  i: formatRun((value) => ({ italic: value !== 0 })),
  strike: formatRun((value) => ({ strike: value !== 0 })),
  super: formatRun(() => ({ raised: 'sup' })),
  sub: formatRun(() => ({ raised: 'sub' })),
  nosupersub: formatRun(() => ({ raised: undefined })),
  fs: formatRun((value) => ({ size: value ?? plainRun.size })),
  plain: ({ group }) => Object.assign(group, { run: plainRun, hidden: false }),
  v: ({ group }, value) => Object.assign(group, { hidden: value !== 0 }),
  deleted: ({ group }, value) => Object.assign(group, { hidden: value !== 0 }),
  pard: ({ group }) => Object.assign(group, { paragraph: plainParagraph }),
  s: formatParagraph((value) => ({ style: value ?? 0 })),
  outlinelevel: formatParagraph((value) => ({ outlineLevel: value })),
  intbl: formatParagraph((value) => ({ inTable: value !== 0 })),
  itap: formatParagraph((value) => ((value ?? 0) > 0 ? { inTable: true } : {})),
  ls: formatParagraph((value) => ({ list: value ?? 0 })),
  ilvl: formatParagraph((value) => ({ listLevel: value ?? 0 })),
  li: formatParagraph((value) => ({ indent: value ?? 0 })),
  uc: ({ group }, value) => Object.assign(group, { fallbacks: Math.max(0, value ?? 1) }),
  ansicpg: (state, value) => Object.assign(state, { charset: codePage(value ?? 1252) }),
  mac: (state) => Object.assign(state, { charset: 'macintosh' }),
  f: ({ group }, value) => Object.assign(group, { font: value ?? 0 }),
  fcharset: ({ group, charsets }, value) => {
    const charset = fontCharsets[value ?? 0]
    if (group.destination === 'fonts' && charset) charsets.set(group.font, charset)
  },
}
