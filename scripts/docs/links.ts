// What VitePress and GitHub do differently with links and headings.
import { dirname, relative, resolve, sep } from 'node:path'

/** The anchor that GitHub gives to a heading with this text. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')
}

export interface Place {
  /** The root of the repository. */
  root: string
  /** The address that the repository has on the web, if any. */
  repository: string | undefined
  /** The file that the link is in. */
  page: string
}

/**
 * Where a link of a page leads on the site. A link to a file outside `docs` leads to the repository; undefined where that has no
 * address.
 */
export function targetOf(link: string, { root, repository, page }: Place): string | undefined {
  if (/^(?:[a-z][a-z\d+.-]*:|\/|#)/i.test(link)) return link
  const path = relative(root, resolve(dirname(page), link))
  if (path.split(sep)[0] === 'docs') return link
  return repository && `${repository}/blob/HEAD/${path.split(sep).join('/')}`
}

/** The web address in the manifest of a package, for example `git+https://github.com/owner/name.git`. */
export function repositoryOf(manifest: { repository?: string | { url: string } }): string | undefined {
  const { repository } = manifest
  const url = typeof repository === 'object' ? repository.url : repository
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}
