import { htmlToMarkdown } from './html.js'

/** The HTML that the office formats are written in, as Markdown; `path` is for messages only. */
export async function officeMarkdown(html: string, path: string): Promise<string> {
  return htmlToMarkdown(escapeStarts(html), path)
}

// The engine leaves text as it is, also where it would begin a heading, a quotation or a list. In a cell nothing can.
function escapeStarts(html: string): string {
  return html
    .replace(/<(?:p|li)>(?=(?:#{1,6}|[+*-]|&gt;)(?:[\s<]|$))/g, '$&\\')
    .replace(/(<(?:p|li)>\d{1,9})(?=[.)]\s)/g, '$1\\')
}
