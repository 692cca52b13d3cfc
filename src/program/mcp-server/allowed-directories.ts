import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { wrongOption } from '../../core/words/check-option.js'
import { RaincheckError } from '../../core/words/errors.js'

/** What Linux takes at most (PATH_MAX), the most generous of the platforms that people work on. */
const LONGEST_PATH = 4_096

/** What the common file systems take for one name, in bytes. */
const LONGEST_NAME = 255

/**
 * The folders that documents are read from and results are written to. Every path of a client goes through here, and what
 * comes back is its real path, with no symbolic link in it: that is what is to be opened.
 *
 * What remains: who can write into an allowed folder may put a link in the place of a part of that path between the check
 * and the use, and a hard link looks like any other file. Node has no way to open a path link by link. No tool of this
 * server makes links.
 */
export class AllowedDirectories {
  /** Real paths. Relative paths of clients begin at the first. */
  readonly directories: readonly string[]
  /** The same as they were given: clients name paths by these, too. */
  readonly #given: readonly string[]

  private constructor(given: readonly string[], directories: readonly string[]) {
    this.#given = given
    this.directories = directories
  }

  /** @throws RaincheckError `INVALID_OPTION` when there is none, or one is no folder. */
  static async open(names: readonly string[]): Promise<AllowedDirectories> {
    if (names.length === 0)
      throw wrongOption(
        'no folder is allowed: name those whose documents may be read, such as: raincheck mcp ~/Documents',
      )
    const given = names.map((name) => resolve(name))
    const real = await Promise.all(given.map(realFolder))
    return new AllowedDirectories(given, [...new Set(real)])
  }

  /**
   * The real path of a document or a folder.
   * @throws RaincheckError `INVALID_INPUT` when it leads outside or does not exist.
   */
  async existing(path: string): Promise<string> {
    const wanted = this.#resolve(path)
    const { real, missing } = await this.#realStart(wanted, path)
    if (missing.length === 0) return real
    throw refusal(path, `does not exist in ${this.#named()}; check the path`)
  }

  /**
   * The path of a file to be written, by the real path of its folder. It does not exist; who writes has to refuse to write
   * over a file all the same (`O_EXCL`), since one may have come by then.
   * @throws RaincheckError `INVALID_INPUT` when it leads outside, exists, or has no folder.
   */
  async forNewFile(path: string): Promise<string> {
    const wanted = this.#resolve(path)
    if (/[\\/]$/.test(path) || this.#given.includes(wanted))
      throw refusal(path, 'is a folder; add the name of a file')
    const { real, missing } = await this.#realStart(dirname(wanted), path)
    if (missing.length > 0 || !(await stat(real)).isDirectory())
      throw refusal(path, `is in a folder that does not exist; make it, or name another`)
    const target = join(real, basename(wanted))
    // Of a link the link itself: also one that leads nowhere is not written over.
    if (await isThere(target)) throw refusal(path, 'exists already; choose another name')
    return target
  }

  /** Whether a real path is in an allowed folder. */
  includes(real: string): boolean {
    return this.directories.some((directory) => isInside(real, directory))
  }

  #resolve(path: string): string {
    refuseUnusable(path)
    const wanted = isAbsolute(path) ? resolve(path) : resolve(this.directories[0] as string, path)
    // Before the file system is asked: nobody learns from here what lies elsewhere.
    if (![...this.directories, ...this.#given].some((directory) => isInside(wanted, directory)))
      throw this.#outside(path)
    return wanted
  }

  /** The real path of the part of a path that exists, which must be inside, and the names of the part that does not. */
  async #realStart(wanted: string, path: string): Promise<{ real: string; missing: string[] }> {
    const missing: string[] = []
    for (let start = wanted; ; start = dirname(start)) {
      const real = await realPath(start, path)
      if (real !== undefined && this.includes(real)) return { real, missing }
      // One message for what is there and what is not, so that nobody learns which by a link that leads outside.
      if (real !== undefined || start === dirname(start) || (await isThere(start)))
        throw refusal(
          path,
          `leads out of ${this.#named()} by a symbolic link, or nowhere; name a path inside`,
        )
      missing.unshift(basename(start))
    }
  }

  #outside(path: string): RaincheckError {
    return refusal(path, `leads outside of ${this.#named()}; name a path inside`)
  }

  #named(): string {
    const { directories } = this
    return directories.length === 1
      ? `the allowed directory ${directories[0]}`
      : `the allowed directories ${directories.join(', ')}`
  }
}

/** With the separator, since /a/dir-other is not in /a/dir; a root ends in one already. */
function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
}

async function realFolder(name: string): Promise<string> {
  const stats = await stat(name).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be used (${error.message})`
    throw wrongOption(`the folder ${name} ${reason}; name one that does`)
  })
  if (stats.isDirectory()) return realpath(name)
  throw wrongOption(`${name} is not a folder; name the folder that it is in`)
}

function refuseUnusable(path: string): void {
  if (typeof path !== 'string' || path.trim() === '') throw refusal(path, 'is empty; name a document')
  if (path.length > LONGEST_PATH)
    throw refusal(
      path,
      `has ${path.length.toLocaleString('en')} characters, which is longer than a path can be`,
    )
  if (path.split(/[\\/]/).some((name) => Buffer.byteLength(name) > LONGEST_NAME))
    throw refusal(path, 'has a name in it that is longer than a name can be; check the path')
  if (path.includes('\0')) throw refusal(path, 'has a NUL character in it; leave that out')
  if (/^(?:[a-z][a-z\d+.-]+:\/\/|(?:file|data|blob|about):)/i.test(path))
    throw refusal(path, 'is a URL, and nothing is fetched here; name a local file by its path')
  if (sep === '/' && /^(?:[a-z]:[\\/]|\\\\)/i.test(path))
    throw refusal(path, 'is a path of Windows, which this machine does not run; name a path of this machine')
}

/** Undefined for what does not exist, or leads to what does not. */
async function realPath(start: string, path: string): Promise<string | undefined> {
  try {
    return await realpath(start)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw refusal(path, reasons[code ?? ''] ?? `cannot be used (${code})`)
  }
}

const reasons: Record<string, string> = {
  ENAMETOOLONG: 'is longer than a path can be; check it',
  ELOOP: 'is a link in a circle; name the document itself',
  EACCES: 'cannot be read; check its permissions',
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}

/** The path is quoted and cut: it may be anything at all. */
function refusal(path: unknown, reason: string): RaincheckError {
  const text = String(path)
  const shown = JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
  return new RaincheckError('INVALID_INPUT', `the path ${shown} ${reason}`)
}
