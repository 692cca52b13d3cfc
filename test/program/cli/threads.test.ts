import { isBuiltin } from 'node:module'
import { describe, expect, it } from 'vitest'
import { fixture } from '../../support/child.js'
import { documents } from '../../support/cli.js'
import { startCommand } from '../../support/command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const logged = { NODE_OPTIONS: `--import ${fixture('log-threads.mjs')}` }

describe.skipIf(!isBuiltin('node:sqlite'))('SQLite (Node 22.13 and later)', () => {
  it.each([['status'], ['prune'], ['queue'], ['convert', `${documents}article.html`, '-o', 'out', '--json']])(
    'stays on the main thread of raincheck %s, which ends soon',
    async (...args) => {
      const { exitCode, stderr } = await startCommand(await temporaryFolder(), args, logged).ended
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    },
  )

  it('has a thread of its own in a process that lives, such as the worker', async () => {
    const worker = startCommand(await temporaryFolder(), ['worker'], logged)
    expect(await worker.says('stderr', /thread/)).toContain('starts the thread raincheck-sqlite\n')
    worker.process.kill('SIGTERM')
    expect((await worker.ended).exitCode).toBe(0)
  })
})
