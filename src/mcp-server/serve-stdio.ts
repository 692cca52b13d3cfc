import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { DRAIN_MS, endService, settleIn } from './end-service.js'
import { OpenRequests } from './open-requests.js'
import type { Service } from './open-service.js'
import { registerTools } from './register-tools.js'
import { createSdkServer } from './sdk-server.js'
import { ToolList } from './tool-list.js'

/**
 * Serves one client over stdin and stdout, until it leaves or the signal says so.
 * @param open Opens what is served. A config file may print as soon as it is loaded.
 */
export async function serveStdio(open: () => Promise<Service>, signal: AbortSignal): Promise<void> {
  const output = takeStdout()
  const service = await open()
  const tools = new ToolList()
  registerTools(tools, service)
  const transport = new StdioServerTransport(process.stdin, output)
  const server = createSdkServer(service, tools)
  const left = clientLeft(transport, output, signal)
  await server.connect(transport)
  const requests = new OpenRequests(transport, (method) => {
    // What is not needed for the list comes after it.
    if (method === 'tools/list') setImmediate(() => void settleIn(service))
  })
  await left
  const until = Date.now() + DRAIN_MS
  // Who wrote its requests and closed its end at once still reads the answers.
  await Promise.race([requests.answered(), sleep(DRAIN_MS, undefined, { ref: false })])
  await endService(service, until)
  await server.close()
}

/** Standard output belongs to the protocol: what anything else prints there goes to standard error. */
function takeStdout(): Writable {
  const { stdout, stderr } = process
  const write = stdout.write.bind(stdout)
  stdout.write = stderr.write.bind(stderr)
  return new Writable({ decodeStrings: false, write: (chunk, _, done) => void write(chunk, done) })
}

/** Resolves when the client has closed its end of either stream, or at the signal. */
function clientLeft(transport: StdioServerTransport, output: Writable, signal: AbortSignal): Promise<void> {
  const { stdin, stdout } = process
  return new Promise((resolve) => {
    const end = () => resolve()
    transport.onclose = end
    for (const event of ['end', 'close', 'error']) stdin.once(event, end)
    // The command line ends at once when nobody reads any more; here the tasks are left to others first.
    stdout.removeAllListeners('error').on('error', end)
    output.on('error', end)
    signal.addEventListener('abort', end, { once: true })
  })
}
