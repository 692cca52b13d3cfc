import { randomBytes } from 'node:crypto'
import {
  constants,
  copyFile,
  link,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'

/** A document, and the folder that its Markdown is to be written to. */
export interface Placed {
  source: string
  folder: string
}

/**
 * The file for the Markdown of each document: `report.md`, or `report.docx.md` and `report.pdf.md` where several documents
 * of a folder differ by their extension alone.
 */
export function outputPaths(documents: readonly Placed[]): { source: string; output: string }[] {
  const jobs = documents.map(({ source, folder }) => ({
    source,
    output: resolve(folder, `${basename(source, extname(source))}.md`),
  }))
  const shared = new Set(collisions(jobs).map(([output]) => output))
  return jobs.map(({ source, output }) => ({
    source,
    output: shared.has(output) ? resolve(dirname(output), `${basename(source)}.md`) : output,
  }))
}

/** Outputs that more than one document would be written to, each with these documents. */
export function collisions(jobs: readonly { source: string; output: string }[]): [string, string[]][] {
  const byOutput = new Map<string, string[]>()
  for (const { source, output } of jobs) byOutput.set(output, [...(byOutput.get(output) ?? []), source])
  return [...byOutput].filter(([, sources]) => sources.length > 1)
}

/** @throws Error when the file may not be written. Asked before the work, so that it is not done in vain. */
export async function refuseOverwriting(
  source: string,
  output: string,
  force: boolean | undefined,
): Promise<void> {
  const existing = await lstat(output).catch(() => undefined)
  if (!existing) return
  if (await isSameFile(source, output))
    throw new Error(`${output} is the document itself; write elsewhere with -o <dir>`)
  if (!force) throw existsError(output)
  if (existing.isDirectory()) throw new Error(`${output} is a folder; write elsewhere with -o <dir>`)
}

/** Writes the whole file or nothing, and never over another without `force`, whoever was faster. */
export async function writeOutput(output: string, text: string, force: boolean | undefined): Promise<void> {
  await mkdir(dirname(output), { recursive: true })
  const draft = `${output}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeFile(draft, text, { flag: 'wx' })
    if (force) await rename(draft, output)
    else await publish(draft, output)
  } finally {
    await rm(draft, { force: true })
  }
}

async function publish(draft: string, output: string): Promise<void> {
  try {
    await link(draft, output).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error
      // Some file systems have no links.
      return copyFile(draft, output, constants.COPYFILE_EXCL)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    // A task that is run again finds what it wrote before.
    if (!(await hasSameText(draft, output))) throw existsError(output)
  }
}

async function hasSameText(draft: string, output: string): Promise<boolean> {
  const [one, other] = await Promise.all([draft, output].map((path) => readFile(path).catch(() => undefined)))
  return one !== undefined && other !== undefined && one.equals(other)
}

/** Also by a link: the output must not lead back to the document. */
async function isSameFile(source: string, output: string): Promise<boolean> {
  const [one, other] = await Promise.all([source, output].map((path) => stat(path).catch(() => undefined)))
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev
}

function existsError(output: string): Error {
  return new Error(`${output} exists; overwrite it with --force, or write elsewhere with -o <dir>`)
}
