import type { Converter, ConverterContext } from '../convert-context.js'
import { ConvertError, damaged } from '../convert-error.js'
import { loadEngine } from '../engine.js'
import { htmlToMarkdown } from '../html/html.js'
import { writeNotes } from '../html/notes.js'
import { decodeText } from '../text/encoding.js'
import { withZip, type ZipParts } from '../zip/parts.js'
import { noteTaker } from './notes.js'
import { readPackage } from './package.js'

/** The chapters of an e-book in the order they are read. */
export const convertEpub: Converter = async (path, context, options) => {
  const saxes = await loadEngine('saxes', path, () => import('saxes'))
  try {
    return await withZip(path, options.maxUnpackedBytes, async (parts) => {
      if (parts.names.some((name) => RIGHTS.test(name))) throw locked(path)
      const book = await readPackage(saxes, parts)
      context.metadata({ title: book.title, author: book.author, pages: book.chapters.length })
      return writeChapters(book.chapters, parts, path, context)
    })
  } catch (cause) {
    if (cause instanceof ConvertError || context.signal?.aborted) throw cause
    throw damaged(path, 'e-book', cause)
  }
}

async function writeChapters(
  chapters: { name: string; label: string | undefined }[],
  parts: ZipParts,
  path: string,
  { signal, progress }: ConverterContext,
): Promise<string> {
  const notes = noteTaker()
  const texts: string[] = []
  const total = chapters.length
  for (const [index, { name, label }] of chapters.entries()) {
    signal?.throwIfAborted()
    const html = notes.take(name, withoutInnerTargets(decodeText(await parts.read(name))))
    const markdown = (await htmlToMarkdown(html, path)).trim()
    // Books set the titles of some chapters as pictures; the table of contents has them as text.
    const needsTitle = label !== undefined && markdown !== '' && !/^#{1,6} /m.test(markdown)
    texts.push(needsTitle ? `# ${label}\n\n${markdown}` : markdown)
    progress?.({ current: index + 1, total, message: `chapter ${index + 1} of ${total}` })
  }
  const written: { number: number; markdown: string }[] = []
  for (const { number, html } of notes.taken()) {
    written.push({ number, markdown: await htmlToMarkdown(html, path) })
  }
  return [...texts, writeNotes(written)].filter((text) => text !== '').join('\n\n')
}

const RIGHTS = /^META-INF\/(?:rights\.xml|sinf\.xml|license\.lcpl)$/

function locked(path: string): ConvertError {
  const message = `${path}: the e-book is locked by its seller (DRM) and opens only in their reader; get a copy without`
  return new ConvertError('FILE_ENCRYPTED', message)
}

// The files of the book become one and its pictures stay behind, so what leads to them leads nowhere. A note's mark is
// looked at before it goes.
function withoutInnerTargets(html: string): string {
  return html
    .replace(/<a\b([^<>]*)>([\s\S]{0,2000}?)<\/a\s*>/gi, (link, attributes: string, text: string) => {
      const isWeb = /\bhref\s*=\s*["']\s*(?:https?|mailto|ftp|tel):/i.test(attributes)
      if (isWeb || /\bnoteref\b/.test(attributes)) return link
      // From a note back to the text.
      return /^(?:[\s↩↑⏎^]|\ufe0e|\ufe0f)*$/.test(text) ? '' : text
    })
    .replace(/(<img\b[^<>]*?\bsrc\s*=\s*["'])(?!\s*https?:)[^"'<>]*/gi, '$1image')
}
