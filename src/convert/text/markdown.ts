import type { Converter } from '../convert-context.js'
import { loadEngine } from '../engine.js'
import { splitFrontMatter } from '../front-matter.js'
import { readPlainText } from './plain-text.js'

export const convertMarkdown: Converter = async (path, { metadata }) => {
  const markdown = (await readPlainText(path)).replace(/\r\n?/g, '\n')
  if (!markdown.startsWith('---\n')) return markdown
  const yaml = await loadEngine('yaml', path, () => import('yaml'))
  const { title, author } = splitFrontMatter(yaml, markdown).values
  metadata({ title: asText(title), author: asText(author) })
  return markdown
}

function asText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string').join(', ') || undefined
  return typeof value === 'string' ? value : undefined
}
