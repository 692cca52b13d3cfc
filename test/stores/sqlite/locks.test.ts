import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** The locks that this process has on a file, as the kernel tells (Linux). */
async function locksOn(path: string): Promise<number> {
  const { ino } = await stat(path)
  const lines = (await readFile('/proc/locks', 'utf8')).split('\n')
  return lines.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `)).length
}

describe.skipIf(process.platform !== 'linux')('a SQLite file that one process opens twice', () => {
  it('keeps the locks of the first connection: without them others would take it for unused, and spoil it', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    const [one, other] = [1, 2].map(() => createRaincheck({ store: `sqlite:${path}` }))
    await one?.list()
    const before = await locksOn(path)
    expect(before).toBeGreaterThan(0)
    await other?.list()
    expect(await locksOn(path)).toBe(before)
    await other?.close()
    await one?.list()
    const third = createRaincheck({ store: `sqlite:${path}` })
    await third.list()
    expect(await locksOn(path)).toBeGreaterThan(0)
    await Promise.all([one?.close(), third.close()])
    expect(await locksOn(path)).toBe(0)
  })
})
