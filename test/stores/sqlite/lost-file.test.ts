import { existsSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck, type RaincheckError } from '../../../src/index.js'
import { keyvOn } from '../../../src/stores/open.js'
import type { Driver } from '../../../src/stores/sqlite/connection.js'
import { drivers } from '../../../src/stores/sqlite/driver.js'
import { sqliteFile } from '../../../src/stores/sqlite/file.js'
import { sqliteTaskStore } from '../../../src/stores/sqlite/sqlite.js'
import { valuesIn } from '../../../src/stores/sqlite/values.js'
import { otherProgram } from '../../support/other-program.js'
import { heldFunction } from '../../support/rain.js'
import { somebodyElse } from '../../support/somebody-else.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

type Fault = (path: string) => Promise<unknown>

/** What takes the file itself away, and with it what it holds. */
const losses: Record<string, Fault> = {
  'is deleted with the files beside it': (path) =>
    Promise.all(['', '-wal', '-shm'].map((end) => rm(path + end))),
  'alone is deleted, and not the files beside it': (path) => rm(path),
  'is replaced by an empty one': async (path) => {
    await rename(path, `${path}.old`)
    await writeFile(path, '')
  },
  'is deleted with its folder': (path) => rm(dirname(path), { recursive: true }),
  'is moved away with its folder': (path) => rename(dirname(path), `${dirname(path)}-moved`),
}

/** What takes away a file beside it, which loses nothing. */
const damages: Record<string, Fault> = {
  'loses its -wal file': (path) => rm(`${path}-wal`),
  'loses its -shm file': (path) => rm(`${path}-shm`),
}

/** A long-lived process: a held function, handed off after 60 ms, and a quick one. */
async function longLived(driver: Driver) {
  const path = join(await temporaryFolder(), 'folder/a.db')
  const file = sqliteFile(path, driver)
  const rain = createRaincheck({
    store: { tasks: sqliteTaskStore(file), values: keyvOn((use) => use(valuesIn(file))) },
    app: 'test',
  })
  onTestFinished(async () => {
    await rain.close({ drain: 0 })
    await file.close()
  })
  const errors: RaincheckError[] = []
  rain.on('store-error', ({ error }) => errors.push(error as RaincheckError))
  const { work, letGo, runs } = heldFunction<number>()
  const slow = rain.cached({ name: 'slow', asyncTimeout: 60, ttl: '1h' })(work)
  const quick = rain.cached({ name: 'quick', asyncTimeout: '20s', ttl: '1h' })(async (n: number) => n * n)
  return { path, store: `sqlite:${path}`, rain, slow, quick, letGo, runs, errors }
}

const own = Object.entries(drivers).filter(
  ([, { transactions }]) => !transactions || isBuiltin('node:sqlite'),
)
const told = {
  code: 'STORE_LOST',
  message: expect.stringMatching(/a\.db was deleted or replaced .* end all processes that use a store/),
}

const HELD = `SELECT count(*) AS held FROM raincheck_tasks
  WHERE live = 1 AND owner IN (SELECT owner FROM raincheck_leases WHERE until > 1000 * unixepoch())`

describe.each(own)('with the driver %s a file under a live process that', (_, driver) => {
  const redeem = somebodyElse()

  it.each(Object.entries(losses))(
    '%s is told, and every ref given before its end is found by others',
    async (_, lose) => {
      const { path, store, rain, slow, quick, letGo, errors } = await longLived(driver)
      const { ref: settled } = await quick(1)
      const { ref: before } = await slow(2)
      await lose(path)
      const given = await quick(3)
      const { ref: after, status } = await slow(4)
      expect([given, status]).toMatchObject([{ status: 'complete', value: 9 }, 'processing'])
      expect(await redeem(store, [before, given.ref, after])).toEqual(['live', 9, 'live'])
      letGo('second')
      letGo('fourth')
      expect(await rain.poll(before, { wait: '20s' })).toMatchObject({ value: 'second' })
      expect(await rain.poll(after, { wait: '20s' })).toMatchObject({ value: 'fourth' })
      expect(await redeem(store, [before, after], '20s')).toEqual(['second', 'fourth'])
      await expect(rain.poll(settled)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
      expect(errors).toEqual([expect.objectContaining(told)])
    },
  )

  it.each(Object.entries(damages))('%s is told, and nothing of it is lost', async (_, damage) => {
    const { path, store, rain, slow, quick, letGo, errors } = await longLived(driver)
    const { ref: settled } = await quick(1)
    const { ref: before } = await slow(2)
    await damage(path)
    const { ref: after } = await slow(4)
    expect(await redeem(store, [settled, before, after])).toEqual([1, 'live', 'live'])
    letGo('second')
    letGo('fourth')
    expect(await rain.poll(before, { wait: '20s' })).toMatchObject({ value: 'second' })
    expect(await redeem(store, [settled, before, after], '20s')).toEqual([1, 'second', 'fourth'])
    expect(errors).toEqual([expect.objectContaining(told)])
  })

  it('is deleted while many tasks begin and settle loses none of them', async () => {
    const { path, store, quick, errors } = await longLived(driver)
    await quick(0)
    const calls: ReturnType<typeof quick>[] = []
    for (let n = 1; n <= 200; n++) {
      calls.push(quick(n))
      if (n % 50 === 0 && n < 200) await losses['is deleted with the files beside it']?.(path)
      if (n % 10 === 0) await calls.at(-1)
    }
    const answers = await Promise.all(calls)
    const last = answers.slice(150)
    expect(
      await redeem(
        store,
        last.map(({ ref }) => ref),
      ),
    ).toEqual(last.map((_, at) => (at + 151) ** 2))
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['STORE_LOST']))
  })

  it('cannot be made again gives no ref until it can, and no value is lost', async () => {
    const { path, store, slow, quick, letGo, errors } = await longLived(driver)
    const { ref: before } = await slow(1)
    await rm(dirname(path), { recursive: true })
    await writeFile(dirname(path), 'in the way')
    expect(await quick(2)).toMatchObject({ status: 'complete', value: 4 })
    let isGiven = false
    const handedOff = slow(3).finally(() => {
      isGiven = true
    })
    await expect
      .poll(() => errors.filter(({ code }) => code === 'STORE_UNAVAILABLE').length)
      .toBeGreaterThan(3)
    expect(isGiven).toBe(false)
    await rm(dirname(path))
    const { ref: after } = await handedOff
    await expect.poll(() => redeem(store, [before, after])).toEqual(['live', 'live'])
    letGo('first')
    letGo('third')
    expect(await redeem(store, [before, after], '20s')).toEqual(['first', 'third'])
  })

  it('is replaced by an older copy has what that knew, and what only that takes for live ends', async () => {
    const { path, store, rain, slow, quick, letGo, errors } = await longLived(driver)
    const { ref: kept } = await quick(1)
    const { ref: settledSince } = await slow(2)
    const { ref: live } = await slow(3)
    const other = await otherProgram(path)
    await other.exec(`VACUUM INTO '${path}.copy'`)
    await other.close()
    letGo('second')
    await rain.poll(settledSince, { wait: '20s' })
    const { ref: begunSince } = await quick(4)
    await rename(`${path}.copy`, path)
    expect((await rain.list()).tasks).toHaveLength(3)
    // Of the two that the copy takes for live, only one is held again.
    const reader = await otherProgram(path)
    await expect.poll(() => reader.exec(HELD)).toEqual([{ held: 1 }])
    await reader.close()
    const refs = [kept, settledSince, live, begunSince]
    expect(await redeem(store, refs)).toEqual([1, 'INTERRUPTED', 'live', 'REF_NOT_FOUND'])
    letGo('third')
    expect(await redeem(store, [live], '20s')).toEqual(['third'])
    expect(errors).toEqual([expect.objectContaining(told)])
  })

  it('alone is deleted, which that does not know yet, is made anew by others, and both go on with it', async () => {
    const { path, store, quick, errors } = await longLived(driver)
    const { ref: settled } = await quick(1)
    await rm(path)
    expect(await redeem(store, [settled])).toEqual(['REF_NOT_FOUND'])
    const { ref } = await quick(2)
    expect(await redeem(store, [ref])).toEqual([4])
    expect(errors).toEqual([expect.objectContaining(told)])
  })

  it('is deleted with its folder is not made again by a close', async () => {
    const { path, rain, quick } = await longLived(driver)
    await quick(1)
    await rm(dirname(path), { recursive: true })
    await rain.close()
    expect(existsSync(dirname(path))).toBe(false)
  })

  it('is noticed by polls and lists alone', async () => {
    const { path, rain, quick, errors } = await longLived(driver)
    const { ref } = await quick(1)
    await losses['is deleted with the files beside it']?.(path)
    await expect(rain.poll(ref)).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
    await rm(path)
    expect(await rain.list()).toEqual({ tasks: [] })
    expect(errors).toEqual([expect.objectContaining(told), expect.objectContaining(told)])
    expect((await readdir(dirname(path))).sort()).toEqual(['a.db', 'a.db-shm', 'a.db-wal'])
  })
})
