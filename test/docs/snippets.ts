import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { glob } from 'tinyglobby'

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
  const pages = ['README.md', ...(await docsPages())]
  const found = await Promise.all(
    pages.map(async (page) => snippetsOf(page, await readFile(root + page, 'utf8'))),
  )
  return found.flat()
}

/** The pages below `docs/`, without those that are generated. */
export async function docsPages(): Promise<string[]> {
  return (await glob('docs/**/*.md', { cwd: root, ignore: ['docs/api/**'] })).sort()
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
