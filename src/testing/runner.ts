/** The two functions that a contract suite needs of a test runner; vitest, node:test, mocha and jest have them. */
export interface TestRunner {
  describe(name: string, body: () => void): void
  it(name: string, body: () => Promise<void>): void
}
