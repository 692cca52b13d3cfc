// Large documents against pandoc: the command as a user runs it, whole processes on both sides and nothing cached, and
// the engine alone in a process that has run before.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { convert } from '../../dist/convert/index.js'
import { compare } from './harness.mjs'
import { writeDocx, writeHtml } from './large-documents.mjs'

const run = promisify(execFile)
const binary = fileURLToPath(new URL('../../dist/program/cli/main.js', import.meta.url))
const html = { name: 'large.html', label: 'HTML of 5.5 MB', write: writeHtml, from: 'html', target: 5 }
const docx = {
  name: 'large.docx',
  label: 'DOCX of 540 chapters',
  write: writeDocx,
  from: 'docx',
  target: 1.5,
}

for (const document of [html, docx]) {
  await againstPandoc(document, 'command', command)
  await againstPandoc(document, 'engine, warm', engine)
}

/** Both sides in conversions a minute. */
async function againstPandoc(document, what, ours) {
  const name = `${document.label}, ${what} (pandoc)`
  if (spawnSync('pandoc', ['--version']).error) {
    console.log(`${name}: skipped, since pandoc is not installed; on Debian: apt-get install pandoc`)
    return
  }
  const side = (convertFile) => async (folder) => {
    const work = await convertFile(join(folder, document.name), folder, document)
    return () => aMinute(work)
  }
  await compare({
    name,
    file: import.meta.url,
    target: document.target,
    rates: true,
    unit: '/min',
    rounds: 3,
    warmUps: 1,
    prepare: (folder) => document.write(join(folder, document.name)),
    ours: side(ours),
    theirs: side(pandoc),
  })
}

async function aMinute(work) {
  const startedAt = performance.now()
  await work()
  return 60_000 / (performance.now() - startedAt)
}

function command(path, folder) {
  return async () => {
    const home = await mkdtemp(join(folder, 'home-'))
    const env = { ...process.env, RAINCHECK_HOME: home }
    await run(process.execPath, [binary, 'convert', '--force', '--output', join(folder, 'ours'), path], {
      env,
    })
  }
}

function engine(path) {
  return () => convert({ path })
}

function pandoc(path, folder, { from }) {
  return () => run('pandoc', ['-f', from, '-t', 'gfm', path, '-o', join(folder, 'theirs.md')])
}
