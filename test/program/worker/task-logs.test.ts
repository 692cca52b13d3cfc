import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRaincheck, type Duration, type Ref } from '../../../src/index.js'
import { LOG_LIMIT, limitLog } from '../../../src/program/worker/log-limit.js'
import { keepLogs, logFile, sweepLogs, sweepLogsHourly } from '../../../src/program/worker/task-logs.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const HOUR_MS = 60 * 60 * 1_000

afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

/** Runs one task with a log, and gives its ref and its log once the last line is there. */
async function logOf(
  lines: readonly string[],
  retention: Duration = '1d',
): Promise<{ ref: Ref; log: string }> {
  vi.stubEnv('RAINCHECK_HOME', await temporaryFolder())
  const rain = createRaincheck({ retention })
  onTestFinished(() => rain.close())
  keepLogs(rain)
  const speak = rain.cached({ name: 'speak', asyncTimeout: '20s' })(async (_: null, task) => {
    for (const line of lines) task.log(line)
  })
  const { ref } = await speak(null)
  const log = await vi.waitFor(
    async () => {
      const text = await readFile(logFile(ref), 'utf8')
      expect(text).toMatch(/raincheck: complete\n$/)
      return text
    },
    { timeout: 20_000 },
  )
  return { ref, log }
}

describe('the log of a task', () => {
  it('ends at 10 MB with a line that says so, and what became of the task', async () => {
    const line = 'x'.repeat(1024 * 1024 - 1)
    const { log } = await logOf(Array(12).fill(line))
    expect(log.length).toBeGreaterThan(LOG_LIMIT)
    expect(log.length).toBeLessThan(LOG_LIMIT + 1_000)
    expect(log.slice(-300)).toMatch(
      /x\nraincheck: the log has reached 10 MB; what the function logs from here on is left out\n\S+ raincheck: complete\n$/,
    )
    expect(log.match(/the log has reached/g)).toHaveLength(1)
  })

  it('has all lines in their order below that', async () => {
    const { log } = await logOf(['one', 'two'])
    expect(log.split('\n').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'raincheck: speak starts: speak',
      'one',
      'two',
      'raincheck: complete',
      '',
    ])
  })

  it.each([
    ['7d', 6 * 24, true],
    ['7d', 8 * 24, false],
    ['1h', 2, false],
    ['Infinity', 365 * 24, true],
  ])('of a retention of %s, is there after %s hours: %s', async (retention, hours, isThere) => {
    const { ref } = await logOf(
      ['one'],
      retention === 'Infinity' ? Number.POSITIVE_INFINITY : (retention as Duration),
    )
    // The time of the file is set after the write.
    await vi.waitFor(async () => {
      const { mtimeMs } = await stat(logFile(ref))
      expect(Math.abs(mtimeMs - Date.now())).toBeGreaterThan(HOUR_MS)
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * HOUR_MS })
    await sweepLogs()
    expect(await readdir(join(process.env.RAINCHECK_HOME ?? '', 'logs'))).toEqual(
      isThere ? [`${ref}.log`] : [],
    )
  })
})

describe('a process that lives long', () => {
  it('removes old logs when it begins, and every hour until it ends', async () => {
    const home = await temporaryFolder()
    vi.stubEnv('RAINCHECK_HOME', home)
    await mkdir(join(home, 'logs'))
    const old = join(home, 'logs/rc_old.log')
    const writeOld = async () => {
      await writeFile(old, 'a line\n')
      const at = Date.now() / 1_000 - 25 * 3_600
      await utimes(old, at, at)
    }
    const isGone = () => expect.poll(() => existsSync(old), { timeout: 5_000 }).toBe(false)
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    await writeOld()
    const stop = sweepLogsHourly()
    await isGone()
    await writeOld()
    vi.advanceTimersByTime(HOUR_MS)
    await isGone()
    stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the log of the worker', () => {
  it('beyond 10 MB is emptied, its end kept beside it', async () => {
    const log = join(await temporaryFolder(), 'raincheck-worker.log')
    await writeFile(log, `${'a'.repeat(LOG_LIMIT)}the end\n`)
    await limitLog(log)
    expect((await stat(log)).size).toBe(0)
    const kept = await readFile(`${log}.old`, 'utf8')
    expect(kept.length).toBe(LOG_LIMIT)
    expect(kept.endsWith('athe end\n')).toBe(true)
    await writeFile(log, 'more\n')
    await limitLog(log)
    expect(await readFile(log, 'utf8')).toBe('more\n')
  })

  it('may be missing', async () => {
    await limitLog(join(await temporaryFolder(), 'none.log'))
  })
})
