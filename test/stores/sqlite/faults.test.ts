import { execFile } from 'node:child_process'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRaincheck } from '../../../src/index.js'
import { fixture } from '../../support/child.js'
import { otherProgram } from '../../support/other-program.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const exec = promisify(execFile)

/** A raincheck with one value in its file, which another program has open, too. */
async function besideAnother() {
  const path = join(await temporaryFolder(), 'a.db')
  const rain = createRaincheck({ store: `sqlite:${path}`, app: 'test' })
  onTestFinished(() => rain.close())
  const errors: string[] = []
  rain.on('store-error', ({ error }) => errors.push(error.message))
  const keep = rain.cached({ name: 'keep', asyncTimeout: '20s', ttl: '1h' })(async (value: unknown) => value)
  const { ref } = await keep('first')
  const reader = createRaincheck({ store: `sqlite:${path}`, app: 'test' })
  onTestFinished(() => reader.close())
  return { path, keep, reader, ref, errors, other: await otherProgram(path) }
}

describe('another process with the lock of a SQLite file', () => {
  it('holds up writes until it has done, and no value is lost', async () => {
    const { keep, reader, errors, other } = await besideAnother()
    await other.exec('BEGIN IMMEDIATE')
    const kept = keep('second')
    await other.exec('SELECT count(*) FROM raincheck_tasks')
    await other.exec('COMMIT')
    const { ref } = await kept
    expect(await reader.poll(ref)).toMatchObject({ status: 'complete', value: 'second' })
    expect(errors).toEqual([])
  })

  it.skipIf(!isBuiltin('node:sqlite'))('holds up no read meanwhile', async () => {
    const { keep, reader, ref, errors, other } = await besideAnother()
    await other.exec('BEGIN IMMEDIATE')
    const kept = keep('second')
    for (let n = 0; n < 20; n++) expect(await reader.poll(ref)).toMatchObject({ value: 'first' })
    expect((await reader.list()).tasks).toHaveLength(1)
    expect((await reader.list({ limit: 1_000 })).tasks).toHaveLength(1)
    expect(await reader.unheld()).toEqual([])
    await other.exec('COMMIT')
    expect(await kept).toMatchObject({ status: 'complete' })
    expect(errors).toEqual([])
  })

  it('that it keeps for longer than 4 s is told, and costs a call nothing but its record', async () => {
    const { keep, errors, other } = await besideAnother()
    await other.exec('BEGIN IMMEDIATE')
    expect(await keep('second')).toMatchObject({ status: 'complete', value: 'second' })
    const told = /^the store could not .*: SQLITE_BUSY: database is locked/
    expect(errors).toContainEqual(expect.stringMatching(told))
    await other.exec('COMMIT')
  })

  it('for a checkpoint holds up nobody for long', async () => {
    const { keep, reader, errors, other } = await besideAnother()
    const kept = Array.from({ length: 100 }, (_, n) => keep(n))
    for (let n = 0; n < 10; n++) await other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const answers = await Promise.all(kept)
    await other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const values = (await Promise.all(answers.map(({ ref }) => reader.poll(ref)))).map(
      (answer) => answer.status === 'complete' && answer.value,
    )
    expect(values).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(errors).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  it('is told, and what was kept before stays readable, here and elsewhere', async () => {
    const path = join(await temporaryFolder(), 'a.db')
    // The shell's limit on the size of a file, in blocks of 1 kB, is the disk.
    const command = `ulimit -f 6000; exec "${process.execPath}" "${fixture('fills-disk.mjs')}" "${path}"`
    const { stdout } = await exec('bash', ['-c', command])
    const { kept, failure, canRead } = JSON.parse(stdout) as {
      kept: string[]
      failure: string
      canRead: boolean
    }
    expect(failure).toMatch(/SQLITE_(FULL|IOERR)/)
    expect(canRead).toBe(true)
    expect(kept.length).toBeGreaterThan(20)
    const rain = createRaincheck({ store: `sqlite:${path}` })
    const { tasks } = await rain.list({ status: 'complete', limit: 1_000 })
    expect(new Set(tasks.map(({ ref }) => ref))).toEqual(new Set(kept))
    await rain.close()
  })
})
