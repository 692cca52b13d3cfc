import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript.
import { processPool } from '../../../dist/index.js'
import { isAlive } from '../../support/alive.js'
import { poolOf } from '../../support/pool.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

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

  it('R24: that cannot be started fails the task, and says what is missing', async () => {
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

  it('R23: ends when it has had no task for 30 s, and no sooner', async () => {
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

describe('a process pool', () => {
  it('R24: warms up for no function but a module’s', () => {
    const pool = processPool({ size: 1 })
    expect(() => pool.warm(async () => 1)).toThrow(
      'a function on the process pool must be made by fromModule, got a function',
    )
  })
})
