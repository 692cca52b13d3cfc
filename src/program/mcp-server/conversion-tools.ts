import { registerCachedTool, type ToolHost } from '../../mcp/index.js'
import { markdownOf } from '../documents/markdown-of.js'
import type { Service } from './open-service.js'

export function registerConversionTools(host: ToolHost, { bundled, scope }: Service): void {
  const { convert, convertBatch } = bundled
  const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }
  const shared = { scope, annotations, untrusted: true, text: markdownOf }
  registerCachedTool(host, 'convert_file', convert, {
    title: 'Convert a document',
    description: 'Converts a document (PDF, Office, HTML, e-book, mail, archive, …) to Markdown.',
    ...shared,
  })
  registerCachedTool(host, 'convert_batch', convertBatch, {
    title: 'Convert documents',
    description:
      'Converts documents and folders of documents. Tells of each document its ref, how long its Markdown is and how it ' +
      'begins; get_task_result gives the Markdown by that ref. A document that cannot be converted fails alone.',
    ...shared,
  })
  registerCachedTool(host, 'start_conversion', convert, {
    title: 'Start a conversion',
    description: 'Starts to convert a document to Markdown, for when there is other work to do meanwhile.',
    ...shared,
    asyncTimeout: 0,
  })
}
