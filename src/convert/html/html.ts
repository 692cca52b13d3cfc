import { readFile } from 'node:fs/promises'
import type { ConversionOptions } from '@kreuzberg/html-to-markdown-node'
import type { ConverterContext, DocumentMetadata } from '../convert-context.js'
import { damaged } from '../convert-error.js'
import { loadEngine } from '../engine.js'
import { tidyMarkdown } from '../markdown/tidy.js'
import { decodeText } from '../text/encoding.js'
import { mendHtml } from './mend.js'
import { prepareHtml } from './prepare.js'
import { unescapeHtml } from './write.js'

export async function convertHtml(path: string, context: ConverterContext): Promise<string> {
  const html = decodeText(await readFile(path))
  context.metadata(readMetadata(html))
  context.signal?.throwIfAborted()
  return htmlToMarkdown(html, path)
}

/** The second half of every format whose engine writes HTML; `path` is for messages only. */
export async function htmlToMarkdown(html: string, path: string): Promise<string> {
  const { default: engine } = await loadEngine(ENGINE, path, () => import('@kreuzberg/html-to-markdown-node'))
  try {
    const source = prepareHtml(mendHtml(html.replace(XML_DECLARATION, '')))
    return tidyMarkdown(engine.convert(source, options).content ?? '')
  } catch (cause) {
    throw damaged(path, 'HTML', cause)
  }
}

// The engine takes it for text.
const XML_DECLARATION = /^\s*<\?xml\b[^>]*>/

const HEAD_LENGTH = 64 * 1024

function readMetadata(html: string): DocumentMetadata {
  const head = html.slice(0, HEAD_LENGTH)
  const title = /<title\b[^>]*>([^<]*)/i.exec(head)?.[1]
  const author = /<meta\b[^>]*\bname\s*=\s*["']author["'][^>]*>/i.exec(head)?.[0]
  return {
    title: plainText(title),
    author: plainText(
      /\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')/i
        .exec(author ?? '')
        ?.slice(1)
        .find(Boolean),
    ),
  }
}

function plainText(html: string | undefined): string | undefined {
  return (
    unescapeHtml(html ?? '')
      .replace(/\s+/g, ' ')
      .trim() || undefined
  )
}

const ENGINE = '@kreuzberg/html-to-markdown-node'

// The engine's enums are strings whose module would have to be loaded to name them.
const options = {
  extractMetadata: false,
  headingStyle: 'Atx' as ConversionOptions['headingStyle'] & string,
  highlightStyle: 'Bold' as ConversionOptions['highlightStyle'] & string,
  bullets: '-',
  // Four spaces nest under "1." as well as under "-"; two would not.
  listIndentWidth: 4,
  compactTables: true,
  escapeAsterisks: true,
  // A form may be the whole page.
  preprocessing: { enabled: true, removeForms: false, removeNavigation: true },
  // Keeps the text of formulas; left alone, the engine writes their source in an HTML comment.
  stripTags: ['math'],
  excludeSelectors: [
    'nav',
    '[role="navigation"]',
    'noscript',
    'svg',
    'button',
    'select',
    '.hash-link',
    '.headerlink',
    '.mw-editsection',
    '.mw-jump-link',
    '.mw-cite-backlink',
    '.mw-hidden-catlinks',
    '#p-lang-btn',
  ],
} satisfies ConversionOptions
