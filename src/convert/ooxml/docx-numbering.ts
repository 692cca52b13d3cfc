import type { ListItem } from '../office/office-html.js'
import { childElements, find, type XmlElement } from '../xml.js'
import { wordValue } from './docx-styles.js'

/** Counts the items of a document's lists, in the order of the text. */
export interface Numbering {
  /** The next item of a list, by the properties (`numPr`) that put a paragraph into it; none if they take it out. */
  next(properties: XmlElement | undefined): Omit<ListItem, 'html'> | undefined
}

export function readNumbering(root: XmlElement): Numbering {
  const lists = readLists(root)
  const counts = new Map<string, number[]>()
  return {
    next: (properties) => {
      const id = wordValue(properties, 'numId') ?? ''
      const depth = Number(wordValue(properties, 'ilvl') ?? 0)
      const level = lists.get(id)?.[depth]
      if (!level || level.format === 'none') return undefined
      const own = counts.get(id) ?? []
      // A deeper level begins anew under each item.
      counts.set(id, [...own.slice(0, depth), (own[depth] ?? level.start - 1) + 1])
      return { depth, ordered: level.format !== 'bullet', start: counts.get(id)?.[depth] }
    },
  }
}

interface Level {
  format: string
  start: number
}

function readLists(root: XmlElement): Map<string, Level[]> {
  const definitions = childElements(root, 'abstractNum')
  const byId = new Map(definitions.map((one) => [one.attributes['w:abstractNumId'], one]))
  const byStyle = new Map(definitions.map((one) => [wordValue(one, 'styleLink'), one]))
  return new Map(
    childElements(root, 'num').map((num) => {
      const definition = byId.get(wordValue(num, 'abstractNumId'))
      // A list may be no more than the name of a style that has it.
      const link = wordValue(definition, 'numStyleLink')
      const levels = readLevels(link === undefined ? definition : (byStyle.get(link) ?? definition))
      return [num.attributes['w:numId'] ?? '', override(levels, num)]
    }),
  )
}

function readLevels(definition: XmlElement | undefined): Level[] {
  const levels: Level[] = []
  for (const level of childElements(definition, 'lvl')) {
    const index = Number(level.attributes['w:ilvl'])
    if (index >= 0 && index < MOST_LEVELS) levels[index] = readLevel(level)
  }
  return levels
}

const MOST_LEVELS = 9

function readLevel(level: XmlElement): Level {
  // A bullet that is blank puts a paragraph below the item before it.
  const isBlank = wordValue(level, 'lvlText')?.trim() === '' && wordValue(level, 'numFmt') === 'bullet'
  return {
    format: isBlank ? 'none' : (wordValue(level, 'numFmt') ?? 'decimal'),
    // A level that does not say where it starts does so at 0 (ECMA-376, `start`).
    start: Number(wordValue(level, 'start') ?? 0) || 0,
  }
}

function override(levels: Level[], num: XmlElement): Level[] {
  const own = levels.slice()
  for (const change of childElements(num, 'lvlOverride')) {
    const index = Number(change.attributes['w:ilvl'])
    const level = find(change, 'lvl')
    const start = wordValue(change, 'startOverride')
    const before = level ? readLevel(level) : own[index]
    if (before && index < MOST_LEVELS) {
      own[index] = { ...before, start: start === undefined ? before.start : Number(start) || 0 }
    }
  }
  return own
}
