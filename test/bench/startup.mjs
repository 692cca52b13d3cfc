// What it costs to start a command: processor time, user and system, of the whole process and the children that it waits for, against
// `node -e 0`, and of `raincheck mcp` until it has listed its tools, against a minimal server. They take turns, so that a machine that gets
// slower slows both. The first runs, which keep compiled code, do not count.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { median, printRow } from './harness.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const [WARM_UPS, ROUNDS] = [3, 21]
const main = path('../../dist/program/cli/main.js')
const isOldest = process.versions.node.startsWith('20.')

const folder = await mkdtemp(join(tmpdir(), 'raincheck-bench-'))
const env = { ...process.env, RAINCHECK_HOME: join(folder, 'home'), XDG_CACHE_HOME: join(folder, 'cache') }
let calls = 0
const config = `import { defineConfig } from '${pathToFileURL(path('../../dist/index.js'))}'
export default defineConfig({ functions: { square: { asyncTimeout: '5s', run: ({ n }) => n * n } } })\n`
const convert = ['convert', '--force', 'minutes.docx']
const rows = [
  { name: '--version', args: () => ['--version'], most: [1.25, 1.3] },
  { name: 'status', args: () => ['status'], most: [1.6, 2] },
  {
    name: 'run --background',
    args: () => ['run', 'square', JSON.stringify({ n: calls++ }), '--background'],
    hasConfig: true,
    most: [2.2, 2.6],
  },
  { name: 'convert a small .docx, a hit', args: () => convert, most: [2, 2.6] },
  { name: 'convert a small .docx, fresh', args: () => convert, isFresh: true, most: [5, 5] },
]

try {
  await Promise.all(['own', 'plain'].map((name) => mkdir(join(folder, name))))
  await writeFile(join(folder, 'own/raincheck.config.mjs'), config)
  await copyFile(path('../../examples/documents/minutes.docx'), join(folder, 'plain/minutes.docx'))
  for (const { name, args, hasConfig, isFresh, most } of rows)
    await compareCpu(
      `processor time, ${name} (node -e 0)`,
      () => wholeRun([main, ...args()], hasConfig ? 'own' : 'plain', isFresh ? `home-${calls++}` : 'home'),
      () => wholeRun(['-e', '0'], 'plain', 'home'),
      most,
    )
  await compareCpu(
    'processor time, mcp to the first tools/list (minimal server)',
    () => toList([main, 'mcp', folder]),
    () => toList([path('./minimal-mcp-server.mjs')]),
    [1, 1.25],
  )
} finally {
  await rm(folder, { recursive: true, maxRetries: 5 })
}

async function compareCpu(name, ours, theirs, [most, mostOnOldest]) {
  const turns = []
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const turn = { ours: await ours(), theirs: await theirs() }
    if (round >= 0) turns.push({ ...turn, ratio: turn.ours / turn.theirs })
  }
  const of = (what) => median(turns.map((turn) => turn[what]))
  const target = isOldest ? mostOnOldest : most
  const shown = (what) => `${of(what).toFixed(0)} ms`
  const ratio = of('ratio')
  printRow(name, shown('ours'), shown('theirs'), ratio.toFixed(2), `at most ${target}`, ratio <= target)
}

/** Milliseconds. The shell tells thousandths, where Node would tell hundredths of what a child took. */
function wholeRun(args, cwd, home) {
  const command = 'TIMEFORMAT="%3U %3S"; { time "$@" > "$OUT" 2> "$OUT"; } 2>&1'
  const variables = { ...env, RAINCHECK_HOME: join(folder, home), OUT: join(folder, 'out') }
  const options = { cwd: join(folder, cwd), env: variables }
  const { stdout } = spawnSync('bash', ['-c', command, 'bash', process.execPath, ...args], options)
  const [user, system] = String(stdout).trim().split(' ').map(Number)
  return (user + system) * 1_000
}

/** Milliseconds of all threads (Linux), when the answer is there. A server that is told to end keeps its compiled code. */
async function toList(args) {
  const server = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const clientInfo = { name: 'bench', version: '1.0.0' }
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  })
  let took
  for await (const line of createInterface({ input: server.stdout })) {
    if (JSON.parse(line).id === 1) {
      send({ method: 'notifications/initialized' })
      send({ id: 2, method: 'tools/list' })
      continue
    }
    took = await cpuOf(server.pid)
    break
  }
  server.stdin.end()
  await once(server, 'exit')
  return took
}

async function cpuOf(pid) {
  const threads = await readdir(`/proc/${pid}/task`)
  const texts = await Promise.all(threads.map((id) => readFile(`/proc/${pid}/task/${id}/schedstat`, 'utf8')))
  return texts.reduce((sum, text) => sum + Number(text.split(' ', 1)[0]), 0) / 1e6
}
