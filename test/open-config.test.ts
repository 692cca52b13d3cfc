import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
// The built package, which the config files import, too.
import { openConfig, RaincheckError } from '../dist/index.js'
import { temporaryFolder } from './support/temporary-folder.js'

const library = new URL('../dist/index.js', import.meta.url).href
const work = new URL('./fixtures/pool-work.mjs', import.meta.url).href

async function written(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'raincheck.config.mjs')
  await writeFile(path, `import * as raincheck from '${library}'\n${text}\n`)
  return path
}

async function opened(text: string) {
  const config = await openConfig(await written(text))
  onTestFinished(() => config.rain.close({ drain: 0 }))
  return config
}

describe('a config file is refused with its path and what it lacks:', () => {
  it.each([
    [
      'a default export',
      'export const functions = {}',
      /config\.mjs must have a default export: export default/,
    ],
    ['functions', 'export default { store: "sqlite" }', /config\.mjs must have `functions`, an object of/],
    ['functions, which null is not', 'export default { functions: null }', /must have `functions`/],
    ['a function', 'export default { functions: { f: null } }', /functions\.f must have `run`, the function/],
    [
      'what it imports',
      'import "./gone.mjs"',
      /config\.mjs cannot be loaded: Cannot find module .*gone\.mjs/,
    ],
  ])('%s', async (_, text, message) => {
    await expect(openConfig(await written(text))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    })
  })

  it('an option that it gives raincheck itself, in the words of that', async () => {
    const opening = openConfig(await written("raincheck.createRaincheck({ store: 'mysql' })"))
    await expect(opening).rejects.toThrow(RaincheckError)
    await expect(opening).rejects.toThrow(/^store must be .* got 'mysql'/)
  })
})

describe('a config file’s functions run', () => {
  it('on the backend that the file names, in the place that a module’s function has there', async () => {
    const { rain, functions } = await opened(`
      import { inProcess } from '${new URL('../dist/backends/in-process/in-process.js', import.meta.url).href}'
      export default raincheck.defineConfig({
        store: 'sqlite:./a.db',
        backend: inProcess({ concurrency: 1 }),
        functions: { here: { asyncTimeout: '5s', run: async () => process.pid } },
      })`)
    expect(await functions.get('here')?.value(undefined)).toBe(process.pid)
    expect(rain.queue.stats().running).toBe(0)
  })

  it('in child processes where it names none: those in the file, and those of other modules', async () => {
    const { functions } = await opened(`
      export default raincheck.defineConfig({
        store: 'sqlite:./a.db',
        concurrency: 1,
        functions: {
          inFile: { asyncTimeout: '20s', run: async () => process.pid },
          inModule: { asyncTimeout: '20s', run: raincheck.fromModule(new URL('${work}'), 'whoAmI') },
        },
      })`)
    const pids = [await functions.get('inFile')?.value(1), await functions.get('inModule')?.value(1)]
    expect(pids[0]).not.toBe(process.pid)
    expect(pids[1]).toBe(pids[0])
  })
})
