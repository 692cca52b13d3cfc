import { PassThrough, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { StdioServerTransport, serveStdio as serveOver } from '@modelcontextprotocol/server/stdio'
import { notifyingTransport } from '../../mcp/tasks/index.js'
import { serverMaker } from './create-server.js'
import { DRAIN_MS, endService, settleIn } from './end-service.js'
import { OpenRequests, type Transport } from './open-requests.js'
import type { Service } from './open-service.js'
import { taskSources, tasksOptions } from './task-sources.js'

/**
 * Serves one client over stdin and stdout, until it leaves or the signal says so.
 * @param open Opens what is served. A config file may print as soon as it is loaded.
 */
export async function serveStdio(open: () => Promise<Service>, signal: AbortSignal): Promise<void> {
  const output = takeStdout()
  const left = clientLeft(output, signal)
  const service = await open()
  const makeServer = serverMaker(service)
  // At the end of its input the transport would drop the requests that are not answered yet.
  const endless = process.stdin.pipe(new PassThrough(), { end: false })
  const transport = new StdioServerTransport(endless, output)
  const connection = serveOver(makeServer, {
    transport: notifyingTransport(transport, taskSources(service), tasksOptions(service)),
  })
  let settled: Promise<void> | undefined
  const requests = new OpenRequests(transport, (method) => {
    // What is not needed for the list comes after it.
    if (method === 'tools/list') settled ??= settleIn(service)
  })
  await Promise.race([left, closed(transport)])
  const until = Date.now() + DRAIN_MS
  // Who wrote its requests and closed its end at once still reads the answers.
  const ready = Promise.all([requests.answered(), settled])
  await Promise.race([ready, sleep(DRAIN_MS, undefined, { ref: false })])
  await endService(service, until)
  await connection.close()
}

/** Resolves when the transport gives up, as it does after a message that is too long. */
function closed(transport: Transport): Promise<void> {
  const { onclose } = transport
  return new Promise((resolve) => {
    transport.onclose = () => {
      onclose?.()
      resolve()
    }
  })
}

/** Standard output belongs to the protocol: what anything else prints there goes to standard error. */
function takeStdout(): Writable {
  const { stdout, stderr } = process
  const write = stdout.write.bind(stdout)
  stdout.write = stderr.write.bind(stderr)
  return new Writable({ decodeStrings: false, write: (chunk, _, done) => void write(chunk, done) })
}

/** Resolves when the client has closed its end of either stream, or at the signal. */
function clientLeft(output: Writable, signal: AbortSignal): Promise<void> {
  const { stdin, stdout } = process
  return new Promise((resolve) => {
    const end = () => resolve()
    for (const event of ['end', 'close', 'error']) stdin.once(event, end)
    // The command line ends at once when nobody reads any more; here the tasks are left to others first.
    stdout.removeAllListeners('error').on('error', end)
    output.on('error', end)
    signal.addEventListener('abort', end, { once: true })
  })
}
