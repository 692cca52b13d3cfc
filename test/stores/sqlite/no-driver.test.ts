import { execFile } from 'node:child_process'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { fixture } from '../../support/child.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const exec = promisify(execFile)

/** As a Node without SQLite of its own. */
const without = isBuiltin('node:sqlite') ? ['--no-experimental-sqlite'] : []

it.each([
  [
    'missing',
    /needs @keyv\/sqlite on Node [\d.]+, which has no SQLite of its own: run `npm install raincheck @keyv\/sqlite`, or use Node 22\.13/,
  ],
  [
    'broken',
    /cannot be loaded \(.*node_sqlite3\.node: file too short\): .*`npm rebuild sqlite3 --ignore-scripts=false`/,
  ],
])(
  'a driver that is %s is told in one line with the remedy, and a call still has its value',
  async (driver, message) => {
    const path = join(await temporaryFolder(), 'a.db')
    const options = [...without, '--import', fixture('without-sqlite.mjs'), fixture('no-driver.mjs'), path]
    const { stdout, stderr } = await exec(process.execPath, options, {
      env: { ...process.env, DRIVER: driver },
    })
    expect(stderr).toBe('')
    const { listed, ...rest } = JSON.parse(stdout) as { listed: { code: string; message: string } }
    expect(listed).toEqual({ code: 'MISSING_PEER', message: expect.stringMatching(message) })
    expect(listed.message).not.toContain('\n')
    expect(rest).toEqual({
      call: { status: 'complete', value: 1 },
      events: ['MISSING_PEER'],
      again: 'MISSING_PEER',
      other: 2,
    })
  },
)
