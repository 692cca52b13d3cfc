import { readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createRaincheck } from '../../src/index.js'
import { registerTaskTools, type TaskToolsOptions } from '../../src/mcp/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { peers, textOf } from './peers.js'

describe.each(peers)('saveTo on %s', (_, connect) => {
  async function saving(value: unknown, check?: TaskToolsOptions['saveTo']) {
    const folder = await temporaryFolder()
    const rain = createRaincheck()
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '1s' })(async () => value)
    const saveTo = check ?? ((path: string) => join(folder, path))
    const { call } = await connect((host) => registerTaskTools(host, rain, { saveTo }))
    const { ref } = await wrapped()
    return { folder, save: (path: string) => call('get_task_result', { ref, saveTo: path }) }
  }

  it('writes the whole value to a new file of mode 0600, and answers with its path', async () => {
    const text = 'é'.repeat(20_000)
    const { folder, save } = await saving(text)
    const path = join(folder, 'result.txt')
    const result = await save('result.txt')
    expect(result.structuredContent).toMatchObject({ status: 'complete', savedTo: path, bytes: 40_000 })
    expect(result.structuredContent).not.toHaveProperty('pageText')
    expect(await readFile(path, 'utf8')).toBe(text)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('writes objects as JSON and bytes as bytes', async () => {
    const object = await saving({ n: 1n })
    await object.save('a.json')
    expect(await readFile(join(object.folder, 'a.json'), 'utf8')).toBe('{"n":"1"}')
    const bytes = await saving(new Uint8Array([0, 255]))
    await bytes.save('a.bin')
    expect([...(await readFile(join(bytes.folder, 'a.bin')))]).toEqual([0, 255])
  })

  it('writes over no file, and through no link', async () => {
    const { folder, save } = await saving('new')
    await writeFile(join(folder, 'file'), 'old')
    await symlink(join(folder, 'elsewhere'), join(folder, 'link'))
    for (const name of ['file', 'link']) {
      const result = await save(name)
      expect(result.isError).toBe(true)
      expect(textOf(result)).toMatch(/exists already.*INVALID_INPUT/)
    }
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('old')
    await expect(stat(join(folder, 'elsewhere'))).rejects.toThrow('ENOENT')
  })

  it('reaches only what the check lets through, and tells its reason', async () => {
    const { save } = await saving('value', (path) => {
      throw new Error(`${path} is outside of the folder`)
    })
    const result = await save('../x')
    expect(result.isError).toBe(true)
    expect(textOf(result)).toContain('../x is outside of the folder')
  })
})
