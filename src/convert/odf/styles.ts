import type { Run } from '../office/office-html.js'
import { childElements, find, type XmlElement } from '../xml.js'

export type Format = Pick<Run, 'bold' | 'italic' | 'strike' | 'code'> & { raised?: 'sup' | 'sub' | undefined }

/** What the styles of an OpenDocument file say of its text. */
export interface OdfStyles {
  /** Of a piece of text. */
  formatOf(name: string | undefined): Format
  /** Of a whole paragraph, where its author formatted that one only. */
  ownFormatOf(name: string | undefined): Format
  /** The names of the style and those it is based on, in lower case, its own first. */
  lineageOf(name: string | undefined): string[]
  outlineLevelOf(name: string | undefined): number | undefined
  isNumbered(listStyle: string | undefined, depth: number): boolean
  isHidden(name: string | undefined): boolean
}

/** Reads the styles of the document's parts, those of its content first. */
export function readStyles(content: XmlElement, named: XmlElement): OdfStyles {
  const groups = [content, named].flatMap((root) =>
    childElements(root).filter(({ name }) => STYLE_GROUPS.has(name)),
  )
  const elements = groups.flatMap((group) => childElements(group))
  const styles = byName(elements.filter(({ name }) => name === 'style'))
  const lists = byName(elements.filter(({ name }) => name === 'list-style'))
  const own = new Set(childElements(find(content, 'automatic-styles')))
  const lineages = new Map<string | undefined, XmlElement[]>()
  const lineage = (name: string | undefined) => {
    const found = lineages.get(name) ?? followParents(styles, name)
    lineages.set(name, found)
    return found
  }
  return {
    formatOf: (name) => inheritedFormat(lineage(name)),
    ownFormatOf: (name) => inheritedFormat(lineage(name).filter((style) => own.has(style))),
    // Some writers use styles by name that the file does not have.
    lineageOf: (name = '') => [
      readableName({ 'style:name': name }),
      ...lineage(name).map(({ attributes }) => readableName(attributes)),
    ],
    outlineLevelOf: (name) => {
      const levels = lineage(name).map(({ attributes }) => attributes['style:default-outline-level'])
      const level = levels.find((value) => value !== undefined)
      return Number(level) > 0 ? Number(level) : undefined
    },
    isNumbered: (name, depth) => isNumbered(lists.get(name ?? ''), depth),
    isHidden: (name) => lineage(name).some(isHidden),
  }
}

// A chain without end would be followed for each of its styles.
const LONGEST_LINEAGE = 32
const STYLE_GROUPS = new Set(['automatic-styles', 'styles'])

function byName(elements: XmlElement[]): Map<string, XmlElement> {
  // Backwards, so that a style of the content comes before one of that name elsewhere.
  return new Map(
    elements.map((element) => [element.attributes['style:name'] ?? '', element] as const).reverse(),
  )
}

function followParents(styles: Map<string, XmlElement>, name: string | undefined): XmlElement[] {
  const lineage = new Set<XmlElement>()
  let style = styles.get(name ?? '')
  while (style && !lineage.has(style) && lineage.size < LONGEST_LINEAGE) {
    lineage.add(style)
    style = styles.get(style.attributes['style:parent-style-name'] ?? '')
  }
  return [...lineage]
}

// Spaces and the like are written as `_20_` in a style's name.
function readableName(attributes: Record<string, string>): string {
  const name = attributes['style:display-name'] ?? attributes['style:name'] ?? ''
  return name
    .replace(/_([0-9a-f]{2})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .toLowerCase()
}

function inheritedFormat(lineage: XmlElement[]): Format {
  const property = (name: string) =>
    lineage
      .map((style) => find(style, 'text-properties')?.attributes[name])
      .find((value) => value !== undefined)
  const line = property('style:text-line-through-style') ?? property('style:text-line-through-type')
  return {
    bold: isBold(property('fo:font-weight')),
    italic: /^(?:italic|oblique)$/.test(property('fo:font-style') ?? ''),
    strike: line !== undefined && line !== 'none',
    raised: raisedBy(property('style:text-position') ?? ''),
    code: lineage.some(({ attributes }) => /^source[ _]text$/.test(readableName(attributes))),
  }
}

// A word or a share of the line's height, and then the size of the letters.
function raisedBy(position: string): Format['raised'] {
  const [height = ''] = position.split(' ')
  if (height === 'super' || Number.parseFloat(height) > 0) return 'sup'
  return height === 'sub' || Number.parseFloat(height) < 0 ? 'sub' : undefined
}

function isBold(weight: string | undefined): boolean {
  return weight === 'bold' || Number(weight) >= 600
}

function isNumbered(style: XmlElement | undefined, depth: number): boolean {
  const level = childElements(style).find(({ attributes }) => attributes['text:level'] === String(depth + 1))
  return level?.name === 'list-level-style-number' && level.attributes['style:num-format'] !== ''
}

function isHidden(style: XmlElement): boolean {
  return (
    find(style, 'table-properties')?.attributes['table:display'] === 'false' ||
    find(style, 'drawing-page-properties')?.attributes['presentation:visibility'] === 'hidden'
  )
}
