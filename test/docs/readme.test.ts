import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { root } from './snippets.js'

it('is at most 8,192 bytes long', async () => {
  expect((await stat(join(root, 'README.md'))).size).toBeLessThanOrEqual(8_192)
})

it('shows what the first and the second run of its program print', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8')
  const [, program = ''] = /^```js\n(.*?)^```$/ms.exec(text) ?? []
  const [, session = ''] = /^```console\n(.*?)^```$/ms.exec(text) ?? []
  const shown = session.split(/^\$ .*\n/m).slice(1)
  expect(shown).toHaveLength(2)
  const folder = await temporaryFolder()
  const file = join(folder, 'forecast.mjs')
  const entry = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)
  await writeFile(file, program.replace("'raincheck'", entry))
  for (const output of shown) {
    const { stdout } = await runToEnd(process.execPath, [file], folder)
    expect(withoutRefs(stdout)).toBe(withoutRefs(output))
  }
})

function withoutRefs(text: string): string {
  return text.replace(/\brc_\w{22}\b/g, 'rc_…')
}
