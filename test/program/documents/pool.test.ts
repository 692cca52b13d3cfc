import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Keyv } from 'keyv'
import { describe, expect, it, onTestFinished } from 'vitest'
// The built package: a child process of the pool cannot load TypeScript.
import { openBundled } from '../../../dist/program/documents/open-bundled.js'
import { childrenOf } from '../../support/children-of.js'
import { documents } from '../../support/cli.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

function open(options: Parameters<typeof openBundled>[1] = { store: new Keyv() }) {
  const bundled = openBundled('test', options)
  onTestFinished(() => bundled.rain.close({ drain: 0 }))
  const firstProgress = new Promise<void>((resolve) => bundled.rain.on('progress', () => resolve()))
  return { ...bundled, firstProgress }
}

const handbook = join(documents, 'handbook.pdf')

describe('the process that converts a document', () => {
  it.runIf(process.platform === 'linux')('may be killed, and the document is named', async () => {
    const before = childrenOf(process.pid)
    const { convert, firstProgress } = open()
    const converted = convert.value({ path: handbook }).catch((error: unknown) => error)
    await firstProgress
    for (const pid of childrenOf(process.pid)) if (!before.includes(pid)) process.kill(pid, 'SIGKILL')
    expect(await converted).toMatchObject({
      code: 'CRASHED',
      message: expect.stringMatching(/handbook\.pdf: .*SIGKILL/),
    })
  })

  it('is ended by a close, and its document is left to others, as is the task that it is a part of', async () => {
    const home = await temporaryFolder()
    await copyFile(handbook, join(home, 'a.pdf'))
    const store = `sqlite:${home}/rain.db` as const
    const { rain, convertFile, firstProgress } = open({ store })
    const input = {
      source: join(home, 'a.pdf'),
      output: join(home, 'a.md'),
      conversion: {},
      frontMatter: false,
    }
    const ended = convertFile.value({ ...input, force: false }).catch((error: unknown) => error)
    await firstProgress
    await rain.close({ drain: 0 })
    expect(await ended).toMatchObject({ code: 'CLOSED' })
    const next = open({ store })
    const { tasks } = await next.rain.list()
    expect(tasks.map(({ name, status }) => [name, status]).sort()).toEqual([
      ['convert', 'pending'],
      ['convert-file', 'pending'],
    ])
  })
})
