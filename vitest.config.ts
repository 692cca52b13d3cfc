import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whatever begins last may run alone at the end: files that start processes, or wait for them, begin first. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => /\/test\/(?:backends|program)\//.test(moduleId)
    const sorted = await super.sort(files)
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))]
  }
}

export default defineConfig({
  resolve: {
    alias: [
      // A thread runs what was built, as processes do.
      {
        find: /^\.\/thread-file\.js$/,
        replacement: join(import.meta.dirname, 'dist/stores/sqlite/thread-file.js'),
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // They have commands of their own: npm run install-test, npm run docs-test
    exclude: [...configDefaults.exclude, 'test/package/install*.test.ts', 'test/site/**'],
    // Most of the time goes to real processes, on machines that are shared.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // To load the library anew for each file took a third of the suite's time. A test undoes what it changes.
    isolate: false,
    // Much of that is waiting, in which another file may run.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    sequence: { sequencer: ProcessesFirst },
  },
})
