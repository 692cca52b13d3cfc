import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, lstat, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

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
    // After a rename there is none.
    await unlink(draft).catch(() => {})
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
