import { raisedText } from '../markdown/raised-text.js'
import { decodeAs } from '../text/encoding.js'
import { BlockBuilder } from './blocks.js'
import { type ParagraphFormat, plainParagraph, type RtfDocument, type Run } from './document.js'

/**
 * Where the text of a group goes. What is in a quiet group is dropped, but for the groups in it that are known; all
 * that is in a skipped one is dropped.
 */
export type Destination = 'text' | 'quiet' | 'skip' | 'fonts' | 'styles' | 'capture'

/** What a group changes is forgotten at its end. */
export interface Group {
  destination: Destination
  run: Omit<Run, 'text' | 'kind' | 'link'>
  paragraph: ParagraphFormat
  hidden: boolean
  font: number
  /** How many characters stand in for one that is written as `\u`. */
  fallbacks: number
  /** Set by `\*`: the next word is a destination to be left out when it is not known. */
  optional: boolean
  link: { url: string | undefined }
  onEnd: ((captured: string) => void) | undefined
}

/** What is known while a file is read. */
export class RtfState {
  readonly document: RtfDocument = { blocks: [], notes: [], styles: new Map(), title: '', author: '' }
  readonly charsets = new Map<number, string>()
  group: Group = {
    destination: 'text',
    run: plainRun,
    paragraph: plainParagraph,
    hidden: false,
    font: 0,
    fallbacks: 1,
    optional: false,
    link: { url: undefined },
    onEnd: undefined,
  }
  builder = new BlockBuilder()
  /** The name of the property of a picture that is read. */
  property = ''
  /** Of the fallbacks for a `\u`, those still to come. */
  toSkip = 0
  #charset = 'windows-1252'
  #bytes = ''
  #captured = ''
  readonly #groups: Group[] = []

  get depth(): number {
    return this.#groups.length
  }

  set charset(label: string) {
    this.#charset = label
  }

  open(): void {
    this.flush()
    if (this.#groups.length > DEEPEST) throw new Error('its groups are nested too deeply')
    this.#groups.push(this.group)
    this.group = { ...this.group, optional: false, onEnd: undefined }
    this.toSkip = 0
  }

  close(): void {
    this.flush()
    const { onEnd, destination } = this.group
    if (destination === 'styles') this.#keepStyle()
    this.group = this.#groups.pop() ?? this.group
    this.toSkip = 0
    if (!onEnd) return
    const captured = this.#captured
    this.#captured = ''
    onEnd(captured)
  }

  /** Text of this group goes to `then`, when it ends. */
  capture(then: (text: string) => void): void {
    this.#captured = ''
    Object.assign(this.group, { destination: 'capture', onEnd: then })
  }

  /** Bytes wait until the last of a character has come. */
  addBytes(bytes: string): void {
    if (this.group.destination === 'skip' || this.group.destination === 'quiet') return
    const skipped = Math.min(this.toSkip, bytes.length)
    this.toSkip -= skipped
    this.#bytes += bytes.slice(skipped)
  }

  flush(): void {
    if (this.#bytes === '') return
    const bytes = this.#bytes
    this.#bytes = ''
    const charset = this.charsets.get(this.group.font) ?? this.#charset
    this.addText(/^\p{ASCII}*$/u.test(bytes) ? bytes : decodeAs(charset, Buffer.from(bytes, 'latin1')))
  }

  addText(text: string): void {
    const { destination, hidden, run, link } = this.group
    if (destination === 'capture' || destination === 'styles') this.#captured += text
    else if (destination === 'text' && !hidden)
      this.builder.add({
        ...run,
        text: run.raised ? raisedText(text, run.raised) : text,
        link: link.url,
        kind: 'text',
      })
  }

  addSpecial(kind: 'note' | 'image', text: string): void {
    this.builder.add({ ...this.group.run, text, link: undefined, kind })
  }

  #keepStyle(): void {
    const { style, outlineLevel } = this.group.paragraph
    const name = this.#captured.replace(/;.*/s, '').trim()
    this.#captured = ''
    if (name !== '') this.document.styles.set(style, { outlineLevel, name })
  }
}

// Far more than any writer nests, and few enough to be held.
const DEEPEST = 5_000

export const plainRun: Group['run'] = {
  bold: false,
  italic: false,
  strike: false,
  raised: undefined,
  size: 24,
}
