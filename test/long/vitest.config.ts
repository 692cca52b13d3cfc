// The long forms of the tests that have one, each of which asks for it by support/long.ts: `npm run test:long`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { defineConfig } from 'vitest/config'
import suite from '../../vitest.config.js'

const root = join(import.meta.dirname, '../..')
const hasLongForm = (path: string) =>
  /support\/(?:long|quick-time)\.js/.test(readFileSync(join(root, path), 'utf8'))

export default defineConfig({
  ...suite,
  root,
  test: {
    ...suite.test,
    include: globSync('test/**/*.test.ts', { cwd: root }).filter(hasLongForm),
    env: { RAINCHECK_LONG: '1' },
  },
})
