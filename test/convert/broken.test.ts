import { mkdir, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Keyv } from 'keyv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript, and a bomb may end the process that it is read in.
import { openBundled } from '../../dist/program/documents/open-bundled.js'
import { bombs } from '../fuzz/bombs.js'
import { variantsOf } from '../fuzz/damage.js'
import { intactDocuments } from '../fuzz/documents.js'
import { convertToText, judge } from '../fuzz/outcome.js'
import { isLong, times } from '../support/long.js'
import { temporaryFolder } from '../support/temporary-folder.js'

// A tenth or less of what `npm run fuzz` does, and always the same.
const SEED = 1
const VARIANTS = times(2, 1)
const SCALE = isLong ? 0.1 : 0.03

let bundled: ReturnType<typeof openBundled>
beforeAll(() => {
  bundled = openBundled('test', { store: new Keyv(), limits: { timeout: 30_000, memory: 1_024 } })
})
afterAll(() => bundled.rain.close())

/** What is wrong with how each of the documents ends. */
async function complaints(
  documents: readonly { name: string; make(): Promise<Buffer | string> }[],
  extension: string,
): Promise<string[]> {
  const home = await temporaryFolder()
  const found = documents.map(async ({ name, make }, index) => {
    const folder = join(home, String(index))
    await mkdir(folder)
    const path = join(folder, `document${extension}`)
    await writeFile(path, await make())
    const verdict = judge(path, await convertToText(bundled, path))
    await rm(folder, { recursive: true })
    return 'broken' in verdict ? [`${name}: ${verdict.broken}`] : []
  })
  return (await Promise.all(found)).flat()
}

describe('a damaged document ends in Markdown or in a clear error', async () => {
  it.each(await intactDocuments())('$name', async (document) => {
    const variants = variantsOf(document, SEED, VARIANTS)
    expect(await complaints(variants, extname(document.name))).toEqual([])
  })
})

describe('a document made to take all memory or all time ends in Markdown or in a clear error', () => {
  const made = bombs(SCALE)
  const extensions = [...new Set(made.map(({ name }) => extname(name)))]
  // Each of them may take the 30 s of its limit.
  it.each(extensions)('%s', { timeout: 120_000 }, async (extension) => {
    const own = made.filter(({ name }) => extname(name) === extension)
    const documents = own.map(({ name, make }) => ({ name, make: async () => make() }))
    expect(await complaints(documents, extension)).toEqual([])
  })
})
