// The suite on the code as it was built, in its own process, too: then each process tells of the same files what it has run.
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { mergeConfig } from 'vitest/config'
import suite from '../../vitest.config.js'

const root = resolve(import.meta.dirname, '../..')
const sources = join(root, 'src/')

export default mergeConfig(suite, {
  root,
  plugins: [
    {
      name: 'as-built',
      enforce: 'pre',
      resolveId(source: string, importer: string | undefined) {
        const path = source.startsWith('.') && importer ? resolve(dirname(importer), source) : ''
        if (!path.startsWith(sources)) return null
        const built = path.replace(sources, join(root, 'dist/')).replace(/\.ts$/, '.js')
        return { id: pathToFileURL(built).href, external: true }
      },
    },
  ],
  test: {
    // It lists the chunks that a command loads.
    exclude: ['test/program/cli/loads.test.ts'],
    setupFiles: ['test/coverage/take-coverage.ts'],
    // What else is imported as built, by its public names, is not to be changed on its way: each file is told of once.
    server: { deps: { external: [/\/dist\//] } },
  },
})
