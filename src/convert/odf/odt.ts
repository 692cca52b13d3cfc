import type { ConverterContext } from '../convert-context.js'
import { htmlToMarkdown } from '../html/html.js'
import { find } from '../xml.js'
import { readObjects, withOdf } from './document.js'
import { newReader } from './runs.js'
import { readStyles } from './styles.js'
import { blocksHtml, notesHtml } from './text.js'

export async function convertOdt(path: string, context: ConverterContext): Promise<string> {
  const html = await withOdf(path, 'OpenDocument text', context, async (archive, metadata) => {
    context.metadata(metadata)
    const content = await archive.xml('content.xml')
    const styles = readStyles(content, await archive.xml('styles.xml'))
    const reader = newReader(styles, await readObjects(archive, content))
    const text = find(content, 'body', 'text')
    return text ? blocksHtml(text, reader) + notesHtml(reader) : ''
  })
  context.signal?.throwIfAborted()
  return htmlToMarkdown(html, path)
}
