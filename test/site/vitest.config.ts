import { defineConfig } from 'vitest/config'

/** For the site that VitePress has built, which has a lock file of its own: `npm run docs-test`. */
export default defineConfig({
  test: { include: ['test/site/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
})
