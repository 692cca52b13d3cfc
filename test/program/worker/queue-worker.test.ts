import { spawn } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { binary, documents, raincheck } from '../../support/cli.js'
import { hasRedis, RedisServer } from '../../support/redis.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const patience = { timeout: 25_000, interval: 20 }

it.skipIf(!hasRedis)(
  'a worker of a queue says once that the server is away, and goes on when it is back',
  { timeout: 120_000 },
  async () => {
    const [home, redis] = [await temporaryFolder(), await RedisServer.start()]
    onTestFinished(() => redis.stop())
    const env = { ...process.env, RAINCHECK_HOME: `${home}/data` }
    const args = [binary, 'worker', '--redis', redis.url]
    const worker = spawn(process.execPath, args, { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] })
    onTestFinished(() => void worker.kill('SIGKILL'))
    let stderr = ''
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    await vi.waitUntil(() => stderr.includes('runs the bundled functions as process'), patience)
    const convertThere = async (name: string) => {
      await copyFile(join(documents, 'article.html'), join(home, name))
      const submitted = await raincheck(home, ['convert', name, '--background', '--redis', redis.url])
      const args = ['wait', submitted.stdout.trim(), '--timeout', '25s', '--redis', redis.url]
      expect((await raincheck(home, args)).exitCode).toBe(0)
    }
    // A server that is away before it has begun would end it.
    await convertThere('before.html')
    await redis.kill()
    await vi.waitUntil(() => /^\S+Z cannot use the store .*is the server running/m.test(stderr), patience)
    await redis.startAgain()
    await convertThere('after.html')
    const told = [...stderr.matchAll(/^\S+Z (.*)$/gm)].map(([, message]) => message)
    expect(new Set(told).size).toBe(told.length)
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    worker.kill('SIGTERM')
    expect(await exited).toBe(0)
  },
)
