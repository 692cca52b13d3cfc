import { describe, expect, it, vi } from 'vitest'
import { isAlive } from '../../support/alive.js'
import { startFixture } from '../../support/child.js'
import { childrenOf } from '../../support/children-of.js'
import { poolOf } from '../../support/pool.js'

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

  it('R23: do not keep their parent, and end with it', async () => {
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

  it('R15: a crash is tried again in a new child, and each attempt says how it ended', async () => {
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
