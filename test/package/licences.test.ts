import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../docs/snippets.js'
import { runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const listLicences = async (lock = join(root, 'package-lock.json')) => {
  const folder = await temporaryFolder()
  const page = join(folder, 'licences.md')
  const ended = await runToEnd(
    process.execPath,
    [join(root, 'scripts/list-licences.mjs'), page, lock],
    folder,
  )
  return { ...ended, page: await readFile(page, 'utf8').catch(() => undefined) }
}

/** A lock file with one more package. */
const lockWith = async (added: object) => {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  Object.assign(lock.packages, { 'node_modules/a/node_modules/rain': { version: '1.0.0', ...added } })
  const path = join(await temporaryFolder(), 'package-lock.json')
  await writeFile(path, JSON.stringify(lock))
  return path
}

describe('docs/licences.md', () => {
  it('is up to date, and all licences are allowed; else run: node scripts/list-licences.mjs', async () => {
    const { stderr, exitCode, page } = await listLicences()
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(page).toBe(await readFile(join(root, 'docs/licences.md'), 'utf8'))
  })

  it('tells each package that the manifest names', async () => {
    const { page } = await listLicences()
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    )
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      expect(page).toMatch(new RegExp(`^\\| ${name} +\\| \\d+\\.\\d+\\.\\d+\\S* +\\| [^|]+ \\|$`, 'm'))
  })

  it.each([
    ['GPL-3.0-only', { license: 'GPL-3.0-only' }],
    ['(none)', {}],
  ])('is refused for a package that is %s', async (told, added) => {
    const { stderr, exitCode, page } = await listLicences(await lockWith(added))
    expect({ exitCode, page }).toEqual({ exitCode: 1, page: undefined })
    expect(stderr).toContain(`rain has the licence ${told}, which is not among `)
  })

  it('has nothing of what only development needs, and one licence of a choice is enough', async () => {
    expect((await listLicences(await lockWith({ license: 'GPL-3.0-only', dev: true }))).page).not.toMatch(
      /^\| rain +\|/m,
    )
    expect((await listLicences(await lockWith({ license: '(GPL-3.0-only OR MIT)' }))).page).toMatch(
      /^\| rain +\|/m,
    )
  })
})
