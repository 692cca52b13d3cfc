import type { SaxesParser } from 'saxes'

/** An element by its local name, since prefixes differ between writers; attributes keep theirs (`id` is not `r:id`). */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: (XmlElement | string)[]
}

/**
 * Called with each element of that name as it ends, and the elements around it, the innermost last. The element is
 * then let go, so that a sheet of a million rows is never held as a whole.
 */
export type XmlVisitors = Record<string, (element: XmlElement, around: XmlElement[]) => void>

export type SaxesModule = { SaxesParser: new () => SaxesParser }

/** Thrown for XML that is no XML; callers add the file's name. */
class XmlDamaged extends Error {
  override readonly name = 'XmlDamaged'
}

/** Thrown for XML that would take more memory than a conversion has. */
export class XmlTooLarge extends Error {
  override readonly name = 'XmlTooLarge'
}

/**
 * Reads XML into a tree, but for what the visitors take. No entity but XML's own five is known: nothing is fetched and
 * nothing expands.
 */
export async function readXml(
  { SaxesParser }: SaxesModule,
  chunks: AsyncIterable<string> | Iterable<string>,
  visitors: XmlVisitors = {},
): Promise<XmlElement> {
  const parser = new SaxesParser()
  const tree = new Tree(visitors)
  parser.on('error', (error) => {
    throw new XmlDamaged(error.message)
  })
  parser.on('opentag', ({ name, attributes }) => tree.open(newElement(name, attributes)))
  parser.on('closetag', () => tree.close())
  parser.on('text', (text) => tree.add(text))
  parser.on('cdata', (text) => tree.add(text))
  for await (const chunk of chunks) parser.write(chunk)
  parser.close()
  return tree.root
}

export function newElement(
  tag: string,
  attributes: Record<string, string> = {},
  children: XmlElement['children'] = [],
): XmlElement {
  return { name: tag.slice(tag.indexOf(':') + 1), attributes, children }
}

export function isElement(node: XmlElement | string): node is XmlElement {
  return typeof node !== 'string'
}

export function childElements(element: XmlElement | undefined, name?: string): XmlElement[] {
  const elements = element?.children.filter(isElement) ?? []
  return name === undefined ? elements : elements.filter((child) => child.name === name)
}

/** The first child of each name on the way down. */
export function find(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce((parent, name) => childElements(parent, name)[0], element)
}

export function descendants(element: XmlElement | undefined, name: string): XmlElement[] {
  return childElements(element).flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ])
}

export function textOf(element: XmlElement | undefined): string {
  return element?.children.map((child) => (isElement(child) ? textOf(child) : child)).join('') ?? ''
}

// Far deeper than any editor writes, and shallow enough for the functions above to call themselves.
const DEEPEST = 256
// Measured: a text of this many elements, about 3,000 pages, takes up to 900 MB until it is Markdown.
const LARGEST_TREE = 750_000
const CHARACTERS_PER_ELEMENT = 256

class Tree {
  readonly #document = newElement('')
  readonly #open = [this.#document]
  /** How large the tree was before each open element. */
  readonly #sizes = [0]
  #size = 0
  readonly #visitors: XmlVisitors

  constructor(visitors: XmlVisitors) {
    this.#visitors = visitors
  }

  get root(): XmlElement {
    return childElements(this.#document)[0] ?? this.#document
  }

  add(node: XmlElement | string): void {
    this.#open.at(-1)?.children.push(node)
    this.#size += isElement(node) ? 1 : node.length / CHARACTERS_PER_ELEMENT
    if (this.#size > LARGEST_TREE) throw new XmlTooLarge('it has too many parts')
  }

  open(element: XmlElement): void {
    if (this.#open.length > DEEPEST) throw new XmlTooLarge('its parts are nested too deeply')
    this.#sizes.push(this.#size)
    this.add(element)
    this.#open.push(element)
  }

  close(): void {
    const element = this.#open.pop()
    const size = this.#sizes.pop()
    if (!element || !Object.hasOwn(this.#visitors, element.name)) return
    this.#size = size ?? 0
    this.#open.at(-1)?.children.pop()
    this.#visitors[element.name]?.(element, this.#open)
  }
}
