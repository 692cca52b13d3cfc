// From the start of the process of `raincheck mcp` to its first list of tools, against a minimal server of the SDK.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { compare } from './harness.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const requests = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
]

await compare({
  name: 'MCP, start to the first tools/list over stdio (minimal server)',
  file: import.meta.url,
  target: 1.25,
  unit: 'ms',
  rounds: 21,
  ours: (home) => () => startToList([path('../../dist/program/cli/main.js'), 'mcp', home], home),
  theirs: (home) => () => startToList([path('./minimal-mcp-server.mjs')], home),
})

/** Milliseconds, with a whole process each time. A request is sent when the one before is answered, as clients do. */
async function startToList(args, home) {
  const startedAt = performance.now()
  const server = spawn(process.execPath, args, {
    env: { ...process.env, RAINCHECK_HOME: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const send = (message) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const [initialize, initialized, list] = requests
  send(initialize)
  for await (const line of createInterface({ input: server.stdout })) {
    const { id, result } = JSON.parse(line)
    if (id === 1) {
      send(initialized)
      send(list)
    } else if (result.tools.length > 0) break
  }
  const took = performance.now() - startedAt
  server.kill('SIGKILL')
  await once(server, 'exit')
  return took
}
