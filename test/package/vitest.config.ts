import { defineConfig } from 'vitest/config'

/** For what needs a registry, and is the same whichever Node runs it: `npm run install-test`. */
export default defineConfig({
  test: {
    include: ['test/package/install*.test.ts'],
    testTimeout: 60_000,
    // One installation at a time: how long it takes is tested.
    fileParallelism: false,
  },
})
