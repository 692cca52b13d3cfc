import { find, type XmlElement, XmlTooLarge } from '../xml.js'
import { toggle } from './docx-styles.js'

// Far deeper than anybody nests them; all that are open are looked at for each text.
const DEEPEST = 256

/**
 * Fields (links, page numbers, contents) as Word writes them into the text: a mark where the field begins, its
 * instruction, a mark, what it shows, a mark where it ends. They nest, and may span paragraphs.
 */
export class FieldStack {
  readonly #open: Field[] = []

  /** Takes a mark; returns what a field shows that has no text of its own. */
  mark(element: XmlElement): string {
    const kind = element.attributes['w:fldCharType']
    const current = this.#open.at(-1)
    if (kind === 'begin') this.#begin(element)
    else if (kind === 'separate' && current) current.isShown = true
    else if (kind === 'end') return checkbox(this.#open.pop())
    return ''
  }

  #begin(element: XmlElement): void {
    if (this.#open.length === DEEPEST) throw new XmlTooLarge('its fields are nested too deeply')
    this.#open.push({ instruction: '', isShown: false, begin: element })
  }

  instruct(text: string): void {
    const current = this.#open.at(-1)
    if (current) current.instruction += text
  }

  /** Whether text at this place shows: it does not before a field's second mark. */
  get isShown(): boolean {
    return this.#open.every(({ isShown }) => isShown)
  }

  /** The address of the innermost link. */
  get href(): string | undefined {
    return this.#open
      .map(({ instruction }) => linkAddress(instruction))
      .findLast((href) => href !== undefined)
  }
}

/** The address in a link's instruction; one with `\l` first stays within the document. */
export function linkAddress(instruction: string): string | undefined {
  const [, quoted, bare] = /^\s*HYPERLINK\s+(?:"([^"]*)"|([^\s\\]\S*))/.exec(instruction) ?? []
  return quoted ?? bare
}

interface Field {
  instruction: string
  isShown: boolean
  begin: XmlElement
}

function checkbox(field: Field | undefined): string {
  if (!field || !/^\s*FORMCHECKBOX\b/.test(field.instruction)) return ''
  const box = find(field.begin, 'ffData', 'checkBox')
  return (toggle(box, 'checked') ?? toggle(box, 'default')) ? '☒' : '☐'
}
