import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { freePort } from './free-port.mjs'

/** Whether this machine has one; Debian's package is `redis-server`. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

if (!hasRedis) process.stderr.write('tests on Redis are skipped: there is no redis-server on this machine\n')

/** How long a server may take to start or to end, in milliseconds. */
const PATIENCE_MS = 20_000

/** A Redis server of this test alone: on a free port of the loopback, with an append-only file in a temporary folder. */
export class RedisServer {
  readonly port: number
  readonly #folder: string
  readonly #options: string[]
  #process: ChildProcess | undefined
  #exited: Promise<void> = Promise.resolve()

  private constructor(port: number, folder: string, options: string[]) {
    this.port = port
    this.#folder = folder
    this.#options = options
  }

  /** @param options Further arguments of redis-server, such as `--requirepass x`. */
  static async start(...options: string[]): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'raincheck-redis-'))
    const server = new RedisServer(await freePort(), folder, options)
    await server.startAgain()
    return server
  }

  get url(): `redis://${string}` {
    return `redis://127.0.0.1:${this.port}`
  }

  /** On the same port, with what the append-only file has kept. */
  async startAgain(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder]
    const lasting = ['--appendonly', 'yes', '--save', '', '--daemonize', 'no']
    const child = spawn('redis-server', [...settings, ...lasting, ...this.#options], { stdio: 'ignore' })
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()))
    this.#process = child
    const until = Date.now() + PATIENCE_MS
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error('redis-server did not start')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Its answer, by redis-cli. */
  command(...args: string[]): string {
    return execFileSync('redis-cli', ['-p', String(this.port), ...args], { encoding: 'utf8' }).trim()
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL')
    await this.#exited
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** A server for one test, which may kill it. */
export async function redisOfTest(...options: string[]): Promise<RedisServer> {
  const redis = await RedisServer.start(...options)
  onTestFinished(() => redis.stop())
  return redis
}

/** One server for the tests of a `describe`. @returns What gives each of them a database with nothing in it. */
export function redisDatabases() {
  let redis: RedisServer
  let databases = 0
  beforeAll(async () => {
    redis = await RedisServer.start('--databases', '100')
  })
  afterAll(() => redis.stop())
  return () => {
    const number = databases++
    const command = (...args: string[]) => redis.command('-n', String(number), ...args)
    return {
      url: `${redis.url}/${number}` as const,
      connection: { host: '127.0.0.1', port: redis.port, db: number },
      command,
      /** Keys of the jobs of the queue that tests use. */
      jobs: () => command('keys', 'bull:raincheck:rc_*').split('\n').filter(Boolean),
      /** How many of them are in this state. */
      count: (state: string) => Number(command('zcard', `bull:raincheck:${state}`)),
    }
  }
}

/** Whether the server has loaded its file, and takes commands. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('INFO persistence\r\n'))
    const end = (isReady: boolean) => {
      socket.destroy()
      resolve(isReady)
    }
    socket.setTimeout(1_000, () => end(false))
    socket.once('error', () => end(false))
    socket.once('data', (text) =>
      end(!text.toString().startsWith('-') || text.toString().startsWith('-NOAUTH')),
    )
  })
}
