import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // It has a command of its own: npm run install-test
    exclude: [...configDefaults.exclude, 'test/package/install.test.ts'],
    // Most of the time goes to real processes, on machines that are shared.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // To load the library anew for each file took a third of the suite's time. A test undoes what it changes.
    isolate: false,
    // For the same reason no processor is left free.
    maxWorkers: '100%',
  },
})
