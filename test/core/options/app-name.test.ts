import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { binary, runToEnd } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const library = pathToFileURL(join(binary, '../../../index.js')).href

it('`app` of a program without a file is the package that has the working directory, and a name', async () => {
  const home = await temporaryFolder()
  const inner = join(home, 'packages/inner')
  await mkdir(inner, { recursive: true })
  await writeFile(join(home, 'package.json'), '{ "name": "outer" }')
  await writeFile(join(home, 'packages/package.json'), '{ "name": "" }')
  await writeFile(join(inner, 'package.json'), '{ "private": true }')
  const program = `import { createRaincheck } from '${library}'
    const call = createRaincheck().cached({ name: 'f', asyncTimeout: 0 })(async () => 1)
    console.log(call.options.app)`
  const { stdout } = await runToEnd(process.execPath, ['--input-type=module', '-e', program], home, inner)
  expect(stdout).toBe('outer\n')
})
