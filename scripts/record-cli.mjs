// Records the command line as a picture, docs/cli.svg or the file given as the first argument: runs the built command on the
// example documents in a temporary folder, and draws what it printed. Run it with: npm run build && node scripts/record-cli.mjs
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { drawTerminal } from './recording/draw-terminal.mjs'

const run = promisify(execFile)
const binary = fileURLToPath(new URL('../dist/program/cli/main.js', import.meta.url))
const documents = fileURLToPath(new URL('../examples/documents/', import.meta.url))
const out = process.argv[2] ?? fileURLToPath(new URL('../docs/cli.svg', import.meta.url))
const MOST_LOOKS = 50

const folder = await realpath(await mkdtemp(join(tmpdir(), 'raincheck-recording-')))
const home = join(folder, '.data')
try {
  await cp(documents, folder, { recursive: true })
  await writeFile(out, drawTerminal(await record(), 'raincheck on the command line'))
  console.log(out)
} finally {
  await endWorker()
  await rm(folder, { recursive: true, maxRetries: 3 })
}

/** Each command with what it printed, and how many milliseconds it took. */
async function record() {
  const convert = await type('raincheck convert minutes.docx')
  const formats = await type('raincheck formats | head -n 4')
  const background = await type('raincheck convert handbook.pdf --background')
  const [ref] = /rc_\w+/.exec(background.output)
  const status = await lookAt(ref)
  const wait = await type(`raincheck wait ${ref}`)
  const result = await type(`raincheck result ${ref} | head -n 8`)
  return [convert, formats, background, status, wait, result]
}

/** The worker needs a moment to start, and its first estimates are wild: shows the first look after a fifth has been done. */
async function lookAt(ref) {
  for (let looks = 1; ; looks++) {
    const look = await type(`raincheck status ${ref}`)
    if (/[2-9]\d %|complete/.test(look.output) || looks === MOST_LOOKS) return look
  }
}

/** In a shell, where `raincheck` is the built one. The folder, which is nobody's, is shown as `~`. */
async function type(command) {
  const shell = `raincheck() { '${process.execPath}' '${binary}' "$@"; }; exec 2>&1; ${command}`
  const startedAt = performance.now()
  const env = { ...process.env, RAINCHECK_HOME: home }
  const { stdout } = await run('bash', ['-c', shell], { cwd: folder, env, timeout: 60_000 })
  const took = performance.now() - startedAt
  return { command, output: stdout.replaceAll(folder, '~').trimEnd(), took }
}

/** It would otherwise stay for a while with nothing to do. */
async function endWorker() {
  const text = await readFile(join(home, 'raincheck-worker.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return
  const { pid } = JSON.parse(text)
  for (const deadline = Date.now() + 10_000; signal(pid) && Date.now() < deadline; ) await sleep(20)
}

/** Whether there was a process to tell that it shall end. */
function signal(pid) {
  try {
    return process.kill(pid)
  } catch {
    return false
  }
}
