// What people meet first: the start of the command, and small documents beside pandoc, whole processes on both sides and nothing cached.
// Most of that is the start of Node. There are no targets yet.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compare } from './harness.mjs'

const run = promisify(execFile)
const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const binary = path('../../dist/program/cli/main.js')

await row('raincheck --version (node -e 0)', {
  ours: () => () => inMs(() => run(process.execPath, [binary, '--version'])),
  theirs: () => () => inMs(() => run(process.execPath, ['-e', '0'])),
})

for (const { label, file, from } of [
  { label: 'DOCX of 13 kB', file: 'report.docx', from: 'docx' },
  { label: 'HTML of 25 kB', file: 'article.html', from: 'html' },
]) {
  const name = `${label}, command (pandoc)`
  const document = path(`../../examples/documents/${file}`)
  if (spawnSync('pandoc', ['--version']).error)
    console.log(`${name}: skipped, since pandoc is not installed; on Debian: apt-get install pandoc`)
  else
    await row(name, {
      ours: (folder) => () => inMs(() => convert(document, folder)),
      theirs: (folder) => () =>
        inMs(() => run('pandoc', ['-f', from, '-t', 'gfm', document, '-o', join(folder, 'theirs.md')])),
    })
}

function row(name, sides) {
  return compare({ name, file: import.meta.url, unit: 'ms', ...sides })
}

async function convert(document, folder) {
  const home = await mkdtemp(join(folder, 'home-'))
  const env = { ...process.env, RAINCHECK_HOME: home }
  await run(process.execPath, [binary, 'convert', '--force', '--output', join(folder, 'ours'), document], {
    env,
  })
}

async function inMs(work) {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
