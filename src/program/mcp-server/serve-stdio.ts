import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { DRAIN_MS, endService, settleIn } from './end-service.js'
import { type Era, eraOf } from './era.js'
import { OpenRequests, type Transport } from './open-requests.js'
import type { Service } from './open-service.js'
import { registerTools } from './register-tools.js'
import { ToolList } from './tool-list.js'

/**
 * Serves one client over stdin and stdout, until it leaves or the signal says so.
 * @param open Opens what is served. A config file may print as soon as it is loaded.
 */
export async function serveStdio(open: () => Promise<Service>, signal: AbortSignal): Promise<void> {
  const { stdin: input } = process
  const output = takeStdout()
  const left = clientLeft(output, signal)
  const [service, era] = await Promise.all([open(), eraOf(input, signal)])
  const tools = new ToolList()
  registerTools(tools, service)
  const { connectStdio } = await loadEra(era)
  const { transport, close } = await connectStdio(service, tools, { input, output })
  let settled: Promise<void> | undefined
  const requests = new OpenRequests(transport, (method) => {
    // What is not needed for the list comes after it.
    if (method === 'tools/list') settled ??= settleIn(service)
  })
  input.resume()
  await Promise.race([left, closed(transport)])
  const until = Date.now() + DRAIN_MS
  // Who wrote its requests and closed its end at once still reads the answers.
  const ready = Promise.all([requests.answered(), settled])
  await Promise.race([ready, sleep(DRAIN_MS, undefined, { ref: false })])
  await endService(service, until)
  await close()
}

/** Each client needs one SDK only, and it takes as long to load as all else together. */
function loadEra(era: Era): Promise<Pick<typeof import('./legacy-stdio.js'), 'connectStdio'>> {
  return era === 'modern' ? import('./modern-stdio.js') : import('./legacy-stdio.js')
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
