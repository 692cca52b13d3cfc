import { type ChildProcess, spawn } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { binary, documents, type Ended, raincheck } from '../support/cli.js'
import { freePort } from '../support/free-port.mjs'
import { hasRedis, RedisServer } from '../support/redis.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const library = pathToFileURL(join(binary, '../../index.js')).href

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
async function startWorker(home: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [binary, 'worker', ...args], {
    cwd: home,
    env: { ...process.env, RAINCHECK_HOME: `${home}/data` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  await new Promise<void>((resolve) =>
    child.stderr?.on('data', (text) => /as process/.test(text) && resolve()),
  )
  return child
}

describe('--redis', { timeout: 90_000 }, () => {
  it('R24: names a URL that is none, and a server that is away, and what to do', async () => {
    const home = await homeWithConfig()
    const wrong = await raincheck(home, ['status', '--redis', 'localhost'])
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("such as 'redis://localhost:6379'"),
    })
    const url = `redis://127.0.0.1:${await freePort()}`
    for (const command of ['status', 'worker', 'doctor', 'queue']) {
      const { exitCode, stdout, stderr } = await raincheck(home, [command, '--redis', url])
      expect([command, exitCode]).toEqual([command, 1])
      expect(stdout + stderr).toMatch(/127\.0\.0\.1.*ECONNREFUSED|no answer within 5000 ms/)
    }
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
    expect(JSON.parse(stdout)).toEqual({ twice: 42, by: worker.pid })
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

  it('pauses and resumes the queue of all workers, and cancels what waits there', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    await startWorker(home, '--redis', url)
    const paused = await raincheck(home, ['queue', 'pause', '--redis', url])
    expect(paused.stdout).toContain('0 waiting, 0 running, paused')
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

  it('R20: what was left before a worker came is run by the first, and says that it waits', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    const ref = (await run(home, url, '--background')).stdout.trim()
    expect((await raincheck(home, ['status', ref, '--redis', url])).stdout).toContain('pending')
    const waiting = run(home, url)
    await startWorker(home, '--redis', url)
    expect(await waiting).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('42') })
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

  it('R21: a worker that is told to end leaves what runs to another, and ends with success', async () => {
    const [home, url] = [await homeWithConfig(), database()]
    const worker = await startWorker(home, '--redis', url)
    await run(home, url)
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    worker.kill('SIGTERM')
    expect(await exited).toBe(0)
  })
})
