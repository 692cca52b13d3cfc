import type { ConverterContext } from '../convert-context.js'
import { htmlToMarkdown } from '../html/html.js'
import { headingHtml } from '../office/office-html.js'
import { childElements, descendants, find, type XmlElement } from '../xml.js'
import { readObjects, withOdf } from './document.js'
import { newReader, type OdfReader, readInline } from './runs.js'
import { readStyles } from './styles.js'
import { blocksHtml, frameHtml } from './text.js'

export async function convertOdp(path: string, context: ConverterContext): Promise<string> {
  const html = await withOdf(path, 'OpenDocument presentation', context, async (archive, metadata) => {
    const content = await archive.xml('content.xml')
    const styles = readStyles(content, await archive.xml('styles.xml'))
    const reader = newReader(styles, await readObjects(archive, content))
    const slides = childElements(find(content, 'body', 'presentation'), 'page')
    context.metadata({ ...metadata, pages: slides.length })
    return slides.map((slide, index) => {
      const current = index + 1
      context.progress?.({ current, total: slides.length, message: `slide ${current} of ${slides.length}` })
      return slideHtml(slide, current, reader)
    })
  })
  context.signal?.throwIfAborted()
  return htmlToMarkdown(html.join('\n'), path)
}

// The same on each slide, or what a slide has no text for yet.
const FURNITURE = new Set(['footer', 'date-time', 'page-number', 'header'])
const HEADING = 2

function slideHtml(slide: XmlElement, number: number, reader: OdfReader): string {
  const frames = childElements(slide).filter(
    (frame) => !FURNITURE.has(classOf(frame)) && !isPlaceholder(frame),
  )
  const title = frames.find((frame) => classOf(frame) === 'title')
  const rest = frames.filter((frame) => frame !== title)
  const hidden = reader.styles.isHidden(slide.attributes['draw:style-name']) ? ' (hidden)' : ''
  const body = blocksHtml({ ...slide, children: rest }, reader)
  return slideHeading(title, number, hidden, reader) + body + notesHtml(find(slide, 'notes'), reader)
}

function classOf(frame: XmlElement): string {
  return frame.attributes['presentation:class'] ?? ''
}

function isPlaceholder({ attributes }: XmlElement): boolean {
  return attributes['presentation:placeholder'] === 'true'
}

function slideHeading(
  title: XmlElement | undefined,
  number: number,
  hidden: string,
  reader: OdfReader,
): string {
  const paragraphs = descendants(title, 'p')
  const runs = paragraphs.flatMap((paragraph) => [...readInline(paragraph, reader).runs, { text: ' ' }])
  const hasText = runs.some(({ text }) => text.trim() !== '')
  return headingHtml(HEADING, [...(hasText ? runs : [{ text: `Slide ${number}` }]), { text: hidden }])
}

function notesHtml(notes: XmlElement | undefined, reader: OdfReader): string {
  const frames = childElements(notes, 'frame').filter(
    (frame) => classOf(frame) === 'notes' && !isPlaceholder(frame),
  )
  const html = frames.map((frame) => frameHtml(frame, reader)).join('')
  return html && headingHtml(HEADING + 1, [{ text: 'Notes' }]) + html
}
