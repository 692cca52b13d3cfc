import { readFile } from 'node:fs/promises'
import type { ConversionOptions } from '@kreuzberg/html-to-markdown-node'
import type { ConvertContext } from './convert-context.js'
import { damaged } from './convert-error.js'
import { loadEngine } from './engine.js'
import { prepareHtml } from './html-prepare.js'
import { tidyMarkdown } from './markdown-tidy.js'
import { decodeText } from './text-encoding.js'

export async function convertHtml(path: string, context: ConvertContext): Promise<string> {
  const html = decodeText(await readFile(path))
  context.signal?.throwIfAborted()
  return htmlToMarkdown(html, path)
}

/** The second half of every format whose engine writes HTML; `path` is for messages only. */
export async function htmlToMarkdown(html: string, path: string): Promise<string> {
  const { default: engine } = await loadEngine(ENGINE, path, () => import('@kreuzberg/html-to-markdown-node'))
  try {
    return tidyMarkdown(engine.convert(prepareHtml(html), options).content ?? '')
  } catch (cause) {
    throw damaged(path, 'HTML', cause)
  }
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
  // Keeps the text of formulas; left alone, the engine writes their source in an HTML comment.
  stripTags: ['math'],
  excludeSelectors: [
    'nav',
    '[role="navigation"]',
    'noscript',
    'svg',
    '.hash-link',
    '.headerlink',
    '.mw-editsection',
    '.mw-jump-link',
  ],
} satisfies ConversionOptions
