// More than one machine: two workers run what this process and an MCP server give to a queue, and redeem each other's refs.
// Needs redis-server (Debian: apt-get install redis-server), which it starts for itself. Run: node examples/bullmq.mjs
import assert from 'node:assert/strict'
import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createRaincheck } from 'raincheck'
import { bullmq } from 'raincheck/bullmq'
import { registerCachedTool, registerTaskTools } from 'raincheck/mcp'
import { z } from 'zod'

/** What each process does: the same function on the same server. @param concurrency 0: it only gives tasks. */
function open(url, concurrency) {
  const rain = createRaincheck({
    store: url,
    app: 'example',
    backend: bullmq({ connection: url, concurrency }),
  })
  const input = z.object({ n: z.number().int().min(2) })
  const factor = rain.cached({ name: 'factor', asyncTimeout: '50ms', ttl: '1h', input })(async ({ n }) => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    const factors = []
    let rest = n
    for (let by = 2; rest > 1; by++) for (; rest % by === 0; rest /= by) factors.push(by)
    return { factors, by: process.pid }
  })
  return { rain, factor }
}

if (process.argv[2] === 'worker') {
  const { rain } = open(process.argv[3], 2)
  process.on('message', async ({ ref }) => {
    if (ref) process.send(await rain.poll(ref, { wait: '10s' }))
    else await rain.close().then(() => process.disconnect())
  })
  process.on('disconnect', () => process.exit())
  process.send('ready')
} else if (process.argv[2] === 'mcp') {
  const { rain, factor } = open(process.argv[3], 0)
  const server = new McpServer({ name: 'factors', version: '1.0.0' })
  registerCachedTool(server, 'factor', factor, { description: 'Finds the prime factors of a number.' })
  registerTaskTools(server, rain)
  const transport = new StdioServerTransport()
  transport.onclose = () => rain.close()
  process.stdin.once('end', () => server.close())
  await server.connect(transport)
} else if (spawnSync('redis-server', ['--version']).status === 0) await main()
else console.log('skipped: there is no redis-server on this machine')

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'raincheck-example-'))
  const port = await freePort()
  const settings = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes']
  const redis = spawn('redis-server', settings, { stdio: 'ignore' })
  process.on('exit', () => redis.kill())
  const url = `redis://127.0.0.1:${port}`
  const self = fileURLToPath(import.meta.url)
  const workers = [1, 2].map(() => fork(self, ['worker', url]))
  await Promise.all(workers.map((worker) => once(worker, 'message')))

  // Eight tasks for two workers. None is done within 50 ms, so that each call gets a ref.
  const { rain, factor } = open(url, 0)
  const answers = await Promise.all([77, 91, 143, 221, 323, 437, 667, 899].map((n) => factor({ n })))
  const values = await Promise.all(answers.map(({ ref }) => rain.poll(ref, { wait: '10s' })))
  for (const { value } of values) console.log(value.factors.join(' × '), 'by process', value.by)
  assert.deepEqual(values[0].value.factors, [7, 11])

  // The one worker redeems what the other ran.
  const [one, other] = workers
  const ranByOther = values.find(({ value }) => value.by === other.pid)
  assert.ok(ranByOther, 'both workers ran some')
  one.send({ ref: ranByOther.ref })
  const [redeemed] = await once(one, 'message')
  assert.deepEqual(redeemed.value, ranByOther.value)
  console.log(`process ${one.pid} redeemed ${redeemed.ref}, which process ${other.pid} ran`)

  // An agent calls the MCP server, which runs nothing itself, and a worker redeems the ref that it got.
  const agent = new Client({ name: 'agent', version: '1.0.0' })
  await agent.connect(new StdioClientTransport({ command: process.execPath, args: [self, 'mcp', url] }))
  const called = await agent.callTool({ name: 'factor', arguments: { n: 1_147 } })
  const { ref } = called.structuredContent
  one.send({ ref })
  const [ranForAgent] = await once(one, 'message')
  assert.deepEqual(ranForAgent.value.factors, [31, 37])
  const result = await agent.callTool({ name: 'get_task_result', arguments: { ref } })
  assert.match(JSON.stringify(result.content), /31/)
  console.log(
    `process ${ranForAgent.value.by} ran ${ref} for the MCP server, and process ${one.pid} redeemed it`,
  )
  await agent.close()

  await rain.close()
  for (const worker of workers) worker.send({})
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  redis.kill()
  await once(redis, 'exit')
  await rm(folder, { recursive: true })
}

async function freePort() {
  const probe = createServer()
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return port
}
