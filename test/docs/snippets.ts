import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A program that stands on a page of the documentation. */
export interface Snippet {
  /** The page and the line that it begins at. */
  place: string
  language: 'ts' | 'js'
  code: string
}

/**
 * Those of the README and of `docs/`. A block without an import of its own goes on with the one before it. One with a title is
 * a part of something, which examples show whole.
 */
export async function findSnippets(): Promise<Snippet[]> {
  const docs = (await readdir(`${root}docs`)).filter((name) => name.endsWith('.md'))
  const pages = ['README.md', ...docs.map((name) => `docs/${name}`)]
  const found = await Promise.all(
    pages.map(async (page) => snippetsOf(page, await readFile(root + page, 'utf8'))),
  )
  return found.flat()
}

function snippetsOf(page: string, text: string): Snippet[] {
  const snippets: Snippet[] = []
  for (const { index, 1: language, 2: code = '' } of text.matchAll(/^```(ts|js)\n(.*?)^```$/gms)) {
    const last = snippets.at(-1)
    if (last && !/^import /m.test(code)) last.code += code
    else {
      const line = text.slice(0, index).split('\n').length
      snippets.push({ place: `${page}:${line}`, language: language as 'ts' | 'js', code })
    }
  }
  return snippets
}
