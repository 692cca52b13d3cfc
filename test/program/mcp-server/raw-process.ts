import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { binary } from '../../support/cli.js'

export interface Ran {
  exitCode: number | null
  /** What is on stdout, each line of which must be JSON. */
  answers: { id: number; result?: object; error?: object }[]
  stderr: string
}

/** `raincheck mcp` without a client: the test writes and reads its streams itself. */
export function start(home: string, args: string[], environment = {}): ChildProcessWithoutNullStreams {
  const env = { ...process.env, ...environment, RAINCHECK_HOME: `${home}/data` }
  return spawn(process.execPath, [binary, 'mcp', ...args], { cwd: home, env, stdio: 'pipe' })
}

/**
 * Writes the opening and these requests, closes stdin at once, and waits for the end.
 * @param options.answers Close stdin when there are so many answers: what runs then has a second to end, no more.
 */
export async function runToEnd(
  home: string,
  args: string[],
  requests: object[],
  { environment = {}, answers: wanted = 0 } = {},
): Promise<Ran> {
  const server = start(home, args, environment)
  const ended = once(server, 'close')
  let stdout = ''
  let stderr = ''
  server.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part
  })
  server.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part
  })
  for (const line of [...opening, ...requests])
    server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...line })}\n`)
  server.stdin.on('error', () => {})
  const answered = new Promise<void>((resolve) => {
    const look = () => stdout.split('\n').length > wanted && resolve()
    server.stdout.on('data', look)
    look()
  })
  await Promise.race([answered, ended])
  server.stdin.end()
  const [exitCode] = (await ended) as [number | null]
  const lines = stdout.split('\n').filter((line) => line !== '')
  const answers = lines.map((line) => JSON.parse(line) as Ran['answers'][number])
  return { exitCode, answers: answers.sort((one, other) => one.id - other.id), stderr }
}

const clientInfo = { name: 'test', version: '1' }
const opening = [
  { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } },
  { method: 'notifications/initialized' },
]
