import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isAlive } from '../../support/alive.js'
import { startFixture } from '../../support/child.js'
import { childrenOf } from '../../support/children-of.js'
import { poolOf } from '../../support/pool.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function ended(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('the children of a process pool', () => {
  it('are gone after a close, idle ones and those that block the processor', async () => {
    const { rain, wrap } = poolOf({ size: 2 })
    const whoAmI = wrap('whoAmI')
    // Both at once, so that each has a child of its own.
    const pids = await Promise.all([1, 2].map(async (n) => Number(await whoAmI.value(n))))
    const blocking = new Promise<number>((resolve) => {
      rain.on('progress', ({ progress }) => resolve(Number(progress.message)))
    })
    const blocked = wrap('block')(1).catch((error: unknown) => error)
    expect(pids).toContain(await blocking)
    expect(pids.map(isAlive)).toEqual([true, true])
    await rain.close({ drain: 0 })
    expect(await blocked).toMatchObject({ code: 'INTERRUPTED' })
    expect(pids.map(isAlive)).toEqual([false, false])
  })

  it('do not keep their parent, and end with it', async () => {
    const parent = startFixture('idle-children.mjs')
    const pids = await parent.next<number[]>('pids')
    expect(await parent.exited).toBe(0)
    expect(new Set(pids).size).toBe(2)
    await vi.waitUntil(() => pids.filter(isAlive).length === 0, { timeout: 10_000 })
  })

  it('are never more than `size`, whatever waits', async () => {
    const { wrap } = poolOf({ size: 2 })
    const whoAmI = wrap('whoAmI')
    const pids = await Promise.all(Array.from({ length: 20 }, (_, n) => whoAmI.value(n)))
    expect(new Set(pids).size).toBeLessThanOrEqual(2)
  })

  // Only Linux lists the children of a process in a file.
  it.skipIf(process.platform !== 'linux')(
    'can be started ahead: the first task starts no other',
    async () => {
      const { pool, wrap, work } = poolOf({ size: 1 })
      const before = childrenOf(process.pid)
      pool.warm(work('whoAmI'))
      const [warm] = childrenOf(process.pid).filter((pid) => !before.includes(pid))
      expect(await wrap('whoAmI').value(1)).toBe(warm)
    },
  )

  it('one that crashes costs its own task only: those beside it and those that wait go on', async () => {
    const { wrap } = poolOf({ size: 2 })
    const echo = wrap('echo')
    const [crashed, ...echoed] = await Promise.allSettled([
      wrap('exit')(3),
      ...Array.from({ length: 6 }, (_, n) => echo.value(n)),
    ])
    expect(crashed).toMatchObject({ status: 'rejected', reason: { code: 'CRASHED' } })
    expect(echoed.map((one) => one.status === 'fulfilled' && one.value)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('a crash is tried again in a new child, and each attempt says how it ended', async () => {
    const { rain, wrap } = poolOf({ size: 1 })
    const exit = wrap('exit', { retries: 2, retryDelay: 1, asyncTimeout: 0 })
    const { ref } = await exit(4)
    const answer = await rain.poll(ref, { wait: '20s' })
    expect(answer).toMatchObject({ status: 'failed', retryable: true, error: { code: 'CRASHED' } })
    const attempts = answer.status === 'failed' ? answer.error.attempts : []
    expect(attempts).toHaveLength(3)
    for (const { error } of attempts) expect(error.message).toMatch(/ended with exit code 4/)
  })

  it('a timeout settles as TIMEOUT and not as the crash that it causes', async () => {
    const { rain, wrap } = poolOf({ size: 1 })
    const { ref } = await wrap('block', { timeout: 300, asyncTimeout: 0 })(1)
    const answer = await rain.poll(ref, { wait: '20s' })
    expect(answer).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT' } })
    // The slot is free when the child is gone.
    await vi.waitUntil(() => rain.queue.stats().running === 0, { timeout: 20_000 })
    expect(rain.queue.stats().abandoned).toBe(0)
  })
})

describe('a child of a process pool', () => {
  it('that ends by an error nobody caught says so with what it printed last', async () => {
    const { wrap } = poolOf()
    await expect(wrap('failLater')()).rejects.toMatchObject({
      code: 'CRASHED',
      message: expect.stringMatching(/ended with exit code 1; it last printed: .*nobody caught this/s),
    })
    expect(await wrap('echo').value('next')).toBe('next')
  })

  it('that takes all the memory that Node gives it fails its task, and says how to give it more', async () => {
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=40')
    const { wrap } = poolOf()
    await expect(wrap('devour')()).rejects.toMatchObject({
      code: 'CRASHED',
      message: expect.stringMatching(/needed more memory than Node gives it; give the pool a memoryLimit/),
    })
  })

  it('that cannot be started fails the task, and says what is missing', async () => {
    const { execPath } = process
    onTestFinished(() => {
      process.execPath = execPath
    })
    const { wrap } = poolOf()
    const echo = wrap('echo')
    process.execPath = '/nowhere/node'
    await expect(echo(1)).rejects.toMatchObject({
      code: 'CRASHED',
      message: expect.stringMatching(/could not be started: spawn \/nowhere\/node ENOENT/),
    })
    process.execPath = execPath
    expect(await echo.value(2)).toBe(2)
  })

  it('that writes past `process.stdout` is told by lines, too, and of empty ones none', async () => {
    const { rain, wrap } = poolOf()
    const until = join(await temporaryFolder(), 'until')
    const lines: string[] = []
    rain.on('log', ({ line }) => lines.push(line))
    const length = wrap('writeRaw').value({ text: 'one\n\ntwo\n', until })
    await vi.waitUntil(() => lines.length > 1, { timeout: 20_000 })
    await writeFile(until, '')
    expect(await length).toBe(9)
    expect(lines).toEqual(['one', 'two'])
  })

  it('ends when it has had no task for 30 s, and no sooner', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const pid = Number(await poolOf().wrap('whoAmI').value())
    vi.advanceTimersByTime(29_999)
    expect(isAlive(pid)).toBe(true)
    vi.advanceTimersByTime(1)
    vi.useRealTimers()
    await vi.waitUntil(() => !isAlive(pid), { timeout: 20_000 })
  })
})

it('a child of the pool that is busy ends with its parent', async () => {
  const parent = startFixture('exits-early.mjs', 'exits')
  const child = await parent.next<number>('child')
  expect(await parent.exited).toBe(7)
  await ended(child)
})

it('and when its parent is killed', async () => {
  const parent = startFixture('exits-early.mjs', 'stays')
  const child = await parent.next<number>('child')
  parent.process.kill('SIGKILL')
  expect(await parent.exited).toBe(null)
  await ended(child)
})

describe('what functions in children print', () => {
  it('is told as the line of the task that printed it, never of the next one in that child', async () => {
    const { rain, wrap } = poolOf({ size: 1 })
    const strays: string[] = []
    rain.on('log', ({ line, scope }) => {
      if (line.startsWith('of ') && line !== `of ${scope}`) strays.push(`${line} told in ${scope}`)
    })
    const say = wrap('say')
    for (let round = 0; round < 300; round++)
      await Promise.all(['alice', 'bob'].map((scope) => say(`of ${scope}`, { scope, refresh: true })))
    expect(strays).toEqual([])
  })
})
