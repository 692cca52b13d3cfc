import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documents, runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { findSnippets, root } from './snippets.js'

const snippets = await findSnippets()
const nameOf = (place: string) => place.replace(/\W+/g, '-')

// Within the package, so that `raincheck` is this one, as it was built.
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(root, '.snippets-'))
  for (const { place, language, code } of snippets)
    await writeFile(join(folder, `${nameOf(place)}.${language}`), code)
  const config = {
    extends: '../tsconfig.json',
    // Examples may show what nobody uses any further.
    compilerOptions: {
      noUnusedLocals: false,
      noUnusedParameters: false,
      rootDir: '.',
      outDir: 'out',
      allowJs: true,
    },
    include: ['*.ts', '*.js'],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the code in the documentation', () => {
  it('is found', () => {
    expect(snippets.length).toBeGreaterThan(3)
  })

  it('compiles', async () => {
    const compiled = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder])
    const errors = await compiled.then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    )
    expect(errors).toBe('')
    expect((await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.js'))).toHaveLength(
      snippets.length,
    )
  })

  it.each(snippets.map(({ place }) => place))('of %s runs to its end', async (place) => {
    const home = await temporaryFolder()
    await mkdir(join(home, 'docs'))
    await copyFile(`${documents}report.docx`, join(home, 'report.docx'))
    const { stderr, exitCode } = await runToEnd(
      process.execPath,
      [join(folder, 'out', `${nameOf(place)}.js`)],
      home,
    )
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  })
})
