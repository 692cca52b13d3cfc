import type { ConverterContext, InnerFile } from '../convert-context.js'
import { htmlToMarkdown } from '../html/html.js'
import { lowerHeadings } from '../markdown/lines.js'
import { inlineText } from '../markdown/table.js'
import { writeInnerFile } from '../zip/archive-files.js'

export interface Message {
  subject: string | undefined
  /** What stands at the top, by its label. */
  headers: Record<string, string | undefined>
  html: string | undefined
  text: string | undefined
  attachments: InnerFile[]
}

/** A mail: its subject, a list of who and when, its body, and each attachment under a heading. */
export async function writeMessage(
  message: Message,
  path: string,
  context: ConverterContext,
): Promise<string> {
  const { subject, headers, attachments } = message
  const list = Object.entries(headers).flatMap(([label, value]) =>
    value ? `- **${label}:** ${inlineText(value)}` : [],
  )
  const files =
    attachments.length > 0
      ? `- **Attachments:** ${inlineText(attachments.map(({ name }) => name).join(', '))}`
      : []
  const parts = [
    `# ${inlineText(subject || 'No subject')}`,
    list.concat(files).join('\n'),
    await writeBody(message, path),
  ]
  for (const [index, attachment] of attachments.entries()) {
    parts.push(writeInnerFile(attachment.name, await context.convertInner(attachment), 2))
    const [current, total] = [index + 1, attachments.length]
    context.progress?.({ current, total, message: `attachment ${current} of ${total}` })
  }
  return parts.filter((part) => part !== '').join('\n\n')
}

/** "Ada Lovelace (ada@example.org)": angle brackets around an address would be taken for a tag. */
export function writeAddress(name: string | undefined, address: string | undefined): string {
  if (!name || name === address) return address ?? ''
  return address ? `${name} (${address})` : name
}

async function writeBody({ html, text }: Message, path: string): Promise<string> {
  const markdown = html ? (await htmlToMarkdown(html, path)).trim() : ''
  return lowerHeadings(markdown || (text ?? '').trim().replace(/<(?=[a-z!/?])(?!https?:)/gi, '\\<'), 1)
}
