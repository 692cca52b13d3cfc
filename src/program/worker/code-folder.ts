import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import envPaths from 'env-paths'

/** Where commands keep compiled code, in a folder for each version. */
export function codeFolder(): string {
  return join(envPaths('raincheck', { suffix: '' }).cache, 'code')
}

/** Removes the code of other versions. What is in use is made again. */
export async function removeOldCode(version: string): Promise<void> {
  const versions = await readdir(codeFolder()).catch(() => [])
  const old = versions.filter((one) => one !== version)
  await Promise.all(
    old.map((one) => rm(join(codeFolder(), one), { recursive: true, force: true }).catch(() => {})),
  )
}
