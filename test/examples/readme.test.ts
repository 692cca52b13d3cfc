import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { exampleFile } from './run-example.js'

test('the list of the examples names each of them, by its command', async () => {
  const text = await readFile(exampleFile('README.md'), 'utf8')
  const named = [...text.matchAll(/^\| `node examples\/(.*?)`/gm)].map(([, name]) => name)
  const files = (await readdir(exampleFile(''))).filter((name) => name.endsWith('.mjs'))
  expect(named.sort()).toEqual(files.sort())
})
