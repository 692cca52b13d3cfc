import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binary, documents, type Ended, raincheck } from '../../support/cli.js'
import { type Running, startCommand } from '../../support/command.js'
import { freePort } from '../../support/free-port.mjs'
import { hasRedis, RedisServer } from '../../support/redis.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { fieldsOf, stdioV1 } from '../mcp-server/clients.js'

const library = pathToFileURL(join(binary, '../../../index.js')).href

const config = `import { defineConfig } from '${library}'
export default defineConfig({
  functions: {
    double: {
      asyncTimeout: '5s',
      run: async ({ n }, task) => {
        task.progress({ current: 1, total: 1 })
        return { twice: n * 2, by: process.ppid }
      },
    },
  },
})
`

async function homeWithConfig(): Promise<string> {
  const home = await temporaryFolder()
  await writeFile(join(home, 'raincheck.config.mjs'), config)
  return home
}

/** A worker in the foreground, once it has said that it runs. */
async function startWorker(home: string, ...args: string[]): Promise<Running> {
  const running = startCommand(home, ['worker', ...args])
  await running.says('stderr', /as process/)
  return running
}

describe('--redis', { timeout: 90_000 }, () => {
  it('names a URL that is none, and a server that is away, and what to do', async () => {
    const home = await homeWithConfig()
    const wrong = await raincheck(home, ['status', '--redis', 'localhost'])
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("such as 'redis://localhost:6379'"),
    })
    const url = `redis://127.0.0.1:${await freePort()}`
    const refused = async (command: string) => {
      const { exitCode, stdout, stderr } = await raincheck(home, [command, '--redis', url])
      expect([command, exitCode]).toEqual([command, 1])
      expect(stdout + stderr).toMatch(/127\.0\.0\.1.*ECONNREFUSED|no answer within 5000 ms/)
    }
    // At once, since some wait for as long as a call of a store may take.
    await Promise.all(['status', 'worker', 'doctor', 'queue'].map(refused))
  })

  it('--concurrency belongs to the worker of a queue', async () => {
    const home = await temporaryFolder()
    expect(await raincheck(home, ['worker', '--concurrency', '2'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('give --redis, too'),
    })
  })
})

describe.skipIf(!hasRedis)('the command line on a Redis server', { timeout: 90_000 }, () => {
  let redis: RedisServer
  let databases = 0
  beforeAll(async () => {
    redis = await RedisServer.start('--databases', '100')
  })
  afterAll(() => redis.stop())
  const database = () => `${redis.url}/${databases++}`

  const run = (home: string, url: string, ...args: string[]): Promise<Ended> =>
    raincheck(home, ['run', 'double', '{"n": 21}', '--redis', url, ...args])

  it('runs functions of the config file by workers, and has all commands', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    const worker = await startWorker(home, '--redis', url, '--concurrency', '2')
    const { stdout } = await run(home, url, '--json')
    expect(JSON.parse(stdout)).toEqual({ twice: 42, by: worker.process.pid })
    const submitted = await run(home, url, '--background')
    const ref = submitted.stdout.trim()
    expect(await raincheck(home, ['wait', ref, '--timeout', '20s', '--redis', url])).toMatchObject({
      exitCode: 0,
    })
    const result = await raincheck(home, ['result', ref, '--redis', url])
    expect(result.stdout).toContain('42')
    const doctor = await raincheck(home, ['doctor', '--redis', url])
    expect(doctor).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('queue: 0 waiting, 0 running, 1 workers'),
    })
  })

  it('is where an MCP server keeps its tasks, and says so without the password', async () => {
    const home = await homeWithConfig()
    const url = database().replace('127.0.0.1', ':@127.0.0.1')
    const { call } = await stdioV1(home, ['.', '--redis', url])
    expect(fieldsOf(await call('get_server_info'))).toMatchObject({
      store: `Redis at 127.0.0.1:${redis.port}`,
    })
  })

  it('pauses and resumes the queue of all workers, and cancels what waits there', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    await startWorker(home, '--redis', url)
    const paused = await raincheck(home, ['queue', 'pause', '--redis', url])
    expect(paused.stdout).toContain('0 waiting, 0 running, paused')
    expect(await raincheck(home, ['doctor', '--redis', url])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('queue: 0 waiting, 0 running, 1 workers, paused\n'),
    })
    const waiting = (await run(home, url, '--async-timeout', '1s')).stdout.trim()
    const unwanted = (await run(home, url, '--background')).stdout.trim()
    expect(unwanted).toBe(waiting)
    const other = await raincheck(home, ['run', 'double', '{"n": 5}', '--background', '--redis', url])
    const cancelled = await raincheck(home, ['cancel', other.stdout.trim(), '--redis', url])
    expect(cancelled.exitCode).toBe(0)
    await raincheck(home, ['queue', 'resume', '--redis', url])
    expect(await raincheck(home, ['wait', waiting, '--timeout', '20s', '--redis', url])).toMatchObject({
      exitCode: 0,
    })
    const status = await raincheck(home, ['status', other.stdout.trim(), '--redis', url])
    expect(status.stdout).toContain('cancelled')
  })

  it('what was left before a worker came is run by the first, and says that it waits', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    const ref = (await run(home, url, '--background')).stdout.trim()
    expect((await raincheck(home, ['status', ref, '--redis', url])).stdout).toContain('pending')
    const waiting = startCommand(home, ['run', 'double', '{"n": 21}', '--redis', url])
    expect(await waiting.says('stderr', /\n/)).toBe(
      `raincheck: waits for a worker of 127.0.0.1:${redis.port}; start one with: raincheck worker\n`,
    )
    const doctor = await raincheck(home, ['doctor', '--redis', url])
    expect(doctor.exitCode).toBe(1)
    expect(doctor.stdout).toMatch(
      /^WRONG queue: .* waiting, 0 running, 0 workers: start one with raincheck worker$/m,
    )
    await startWorker(home, '--redis', url)
    expect(await waiting.ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('42') })
    expect((await raincheck(home, ['result', ref, '--redis', url])).stdout).toContain('42')
  })

  it('converts documents in the background by a worker', async () => {
    const [home, url] = [await temporaryFolder(), database()]
    await copyFile(join(documents, 'report.docx'), join(home, 'report.docx'))
    await startWorker(home, '--redis', url)
    const submitted = await raincheck(home, ['convert', 'report.docx', '--background', '--redis', url])
    const ref = submitted.stdout.trim()
    expect(await raincheck(home, ['wait', ref, '--timeout', '25s', '--redis', url])).toMatchObject({
      exitCode: 0,
    })
    expect(await readFile(join(home, 'report.md'), 'utf8')).toContain('# ')
  })

  it('a worker that is told to end leaves what runs to another, and ends with success', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    const worker = await startWorker(home, '--redis', url)
    await run(home, url)
    worker.process.kill('SIGTERM')
    expect((await worker.ended).exitCode).toBe(0)
  })
})
