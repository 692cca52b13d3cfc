// A folder of 200 mixed documents on two processes and on one, in the way that the command converts a folder.
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRaincheck, processPool } from '../../dist/index.js'
import { startConversion } from '../../dist/program/cli/convert/foreground.js'
import { cachedConvert, convertWork } from '../../dist/program/documents/convert-function.js'
import { compare } from './harness.mjs'
import { sentence, writeDocx, writeHtml, writePdf, writeXlsx } from './large-documents.mjs'

const OF_EACH = 40

await compare({
  name: 'folder of 200 documents, on two processes (on one)',
  file: import.meta.url,
  target: 1.7,
  rates: true,
  unit: '/s',
  rounds: 3,
  warmUps: 1,
  prepare: writeFolder,
  ours: (folder) => () => documentsASecond(folder, 2),
  theirs: (folder) => () => documentsASecond(folder, 1),
})

/** 22 MB; no two documents are the same, or the second would be a hit. */
async function writeFolder(folder) {
  await mkdir(join(folder, 'documents'))
  for (let at = 0; at < OF_EACH; at++) {
    const path = (name) => join(folder, 'documents', `${at}.${name}`)
    await writeHtml(path('html'), 50 + at * 5)
    await writeDocx(path('docx'), 10 + at * 2)
    await writePdf(path('pdf'), 4 + at)
    await writeXlsx(path('xlsx'), 500 + at * 100)
    await writeFile(path('txt'), sentence(at, 5_000))
  }
}

/** With a store and processes of its own, so that nothing is cached and the start of the processes counts. */
async function documentsASecond(folder, size) {
  const source = join(folder, 'documents')
  const inputs = (await readdir(source)).map((name) => ({ path: join(source, name) }))
  const home = await mkdtemp(join(folder, 'store-'))
  const startedAt = performance.now()
  const pool = processPool({ size })
  const rain = createRaincheck({ store: `sqlite:${join(home, 'raincheck.db')}`, backend: pool })
  const bundled = { rain, convert: cachedConvert(rain, 'bench'), warm: () => pool.warm(convertWork) }
  const running = startConversion(bundled, inputs, () => {})
  const outcomes = await Promise.all(running.outcomes)
  await running.finish()
  const failed = outcomes.find(({ status }) => status !== 'complete')
  if (failed) throw new Error(`${failed.source}: ${failed.error.message}`)
  return (inputs.length * 1_000) / (performance.now() - startedAt)
}
