import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { binary, endWorker, raincheck } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const { TESTED_NODE: tested } = process.env
const library = pathToFileURL(join(binary, '../../../index.js')).href

/** A home with a function that tells which Node runs it. */
const homeWithConfig = async () => {
  const home = await temporaryFolder()
  const functions = "{ node: { asyncTimeout: '20s', run: async () => process.version } }"
  await writeFile(
    join(home, 'raincheck.config.mjs'),
    `import { defineConfig } from '${library}'\nexport default defineConfig({ functions: ${functions} })\n`,
  )
  return home
}

// A run that is meant for one Node, and starts its programs with another, would show nothing of the one.
describe(`the suite on Node ${process.version}`, () => {
  it(`runs on the Node that TESTED_NODE names (${tested ?? 'none: on any'})`, () => {
    expect(process.version).toMatch(new RegExp(`^v${tested ?? '\\d+'}\\.`))
  })

  it('finds the same Node where programs look for it', async () => {
    const found = await promisify(execFile)('/usr/bin/env', ['node', '-p', 'process.version'])
    expect(found.stdout.trim()).toBe(process.version)
  })

  it('starts the binary, its pool and its worker with it', async () => {
    const home = await homeWithConfig()
    expect((await raincheck(home, ['doctor'])).stdout).toContain(`on Node ${process.version}\n`)
    expect(await raincheck(home, ['run', 'node'])).toMatchObject({ stdout: process.version })
    const { stdout: ref } = await raincheck(home, ['run', 'node', '{}', '--background'])
    await raincheck(home, ['wait', ref.trim()])
    expect(await raincheck(home, ['result', ref.trim()])).toMatchObject({ stdout: process.version })
    await endWorker(home)
  })
})
