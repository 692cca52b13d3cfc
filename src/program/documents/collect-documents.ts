import { stat } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { type Format, identify } from '../../convert/index.js'

/** A document, and the folder that its place under `-o` is told from. */
export interface FoundDocument {
  source: string
  root: string
}

export interface Collected {
  documents: FoundDocument[]
  /** Of the folders and patterns. */
  skipped: Skipped
  /** Whether a folder or a pattern was among them. */
  isBatch: boolean
}

export interface Skipped {
  hidden: number
  unsupported: number
  /** Markdown already: often what an earlier run wrote beside its documents. */
  markdown: number
}

/** Finds the documents that files, folders and patterns name. A file that is named itself is never skipped. */
export async function collectDocuments(names: readonly string[]): Promise<Collected> {
  const documents = new Map<string, FoundDocument>()
  const skipped = { hidden: 0, unsupported: 0, markdown: 0 }
  let isBatch = false
  for (const name of names) {
    const stats = await stat(name).catch(() => undefined)
    const folder = stats?.isDirectory() ? resolve(name) : undefined
    // A file may have a name that looks like a pattern.
    const isPattern = !stats && (await isDynamic(name))
    if (folder === undefined && !isPattern) {
      const source = resolve(name)
      documents.set(source, { source, root: dirname(source) })
      continue
    }
    isBatch = true
    for (const found of isPattern ? await matches(name, skipped) : await within(folder as string, skipped))
      if (!documents.has(found.source)) documents.set(found.source, found)
  }
  return { documents: [...documents.values()], skipped, isBatch }
}

async function isDynamic(name: string): Promise<boolean> {
  const { isDynamicPattern } = await import('tinyglobby')
  return isDynamicPattern(name)
}

async function within(folder: string, skipped: Skipped): Promise<FoundDocument[]> {
  return supported(await files('**/*', folder), folder, skipped)
}

async function matches(pattern: string, skipped: Skipped): Promise<FoundDocument[]> {
  const found = await supported(await files(pattern, process.cwd()), process.cwd(), skipped)
  if (found.length === 0) throw new Error(`${pattern} matches no document; check the pattern`)
  return found
}

async function files(pattern: string, folder: string): Promise<string[]> {
  const { escapePath, glob } = await import('tinyglobby')
  const options = { cwd: folder, dot: true, absolute: true, followSymbolicLinks: false }
  const found = await glob(pattern, { ...options, ignore: `${escapePath('node_modules')}/**` })
  return found.map((path) => resolve(path)).sort()
}

async function supported(paths: string[], root: string, skipped: Skipped): Promise<FoundDocument[]> {
  const documents: FoundDocument[] = []
  for (const source of paths) {
    const why = isHidden(relative(root, source)) ? 'hidden' : await formatOf(source)
    if (why === 'hidden' || why === 'unsupported' || why === 'markdown') skipped[why]++
    else documents.push({ source, root })
  }
  return documents
}

function isHidden(path: string): boolean {
  return path.split(sep).some((part) => part.startsWith('.') && part !== '..')
}

/** One that is broken is not skipped: it fails, and is named. */
async function formatOf(path: string): Promise<Format | 'unsupported' | 'broken'> {
  try {
    return await identify(path)
  } catch (error) {
    return Object(error).code === 'FORMAT_UNSUPPORTED' ? 'unsupported' : 'broken'
  }
}
