// How much of the source the tests run, in all the processes that they start: half of it runs in the command, its children,
// worker and servers. Prints files with gaps and the sums; ends with 1 where a test fails or less is run than is wanted. What is
// given goes to vitest: the names of some tests tell what these run alone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import CoverageReport from 'monocart-coverage-reports'

/** Of lines and of branches, in per cent. */
const LEAST = 90

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = join(root, 'dist')
const folder = await mkdtemp(join(tmpdir(), 'raincheck-coverage-'))
try {
  // A file for each source: of chunks nobody could tell, in the suite's own process, what was run.
  await run('tsc', ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', 'false'])
  if ((await runSuite()) !== 0) process.exitCode = 1
  const { lines, branches } = await summarise()
  for (const [what, { pct }] of Object.entries({ lines, branches })) {
    if (pct >= LEAST) continue
    console.error(`${pct} % of the ${what} are run by tests; ${LEAST} % are wanted`)
    process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
  await run('npm', ['run', '--silent', 'build'])
}

/** A command of the repository. */
async function run(command, args) {
  const bin = `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`
  const [exitCode] = await once(
    spawn(command, args, { cwd: root, env: { ...process.env, PATH: bin }, stdio: 'inherit' }),
    'exit',
  )
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}`)
}

async function runSuite() {
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config',
    'test/coverage/vitest.config.ts',
    ...process.argv.slice(2),
  ]
  const env = { ...process.env, NODE_V8_COVERAGE: join(folder, 'processes') }
  const suite = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
  const [exitCode] = await once(suite, 'exit')
  return exitCode
}

/** A process that was killed while it wrote has left half a file. */
async function removeHalves(processes) {
  for (const name of await readdir(processes)) {
    const path = join(processes, name)
    try {
      JSON.parse(await readFile(path, 'utf8'))
    } catch {
      await rm(path)
    }
  }
}

async function summarise() {
  const processes = join(folder, 'processes')
  await removeHalves(processes)
  const report = new CoverageReport({
    outputDir: join(folder, 'report'),
    reports: ['console-summary', ['console-details', { skipPercent: LEAST }]],
    logging: 'error',
    entryFilter: ({ url }) => url.startsWith(pathToFileURL(dist).href),
    sourceFilter: (path) => path.includes('src/') && !path.includes('node_modules/'),
    all: { dir: [dist], filter: (path) => path.endsWith('.js') },
  })
  await report.addFromDir(processes)
  const { summary } = await report.generate()
  return summary
}
