/** The two functions that a contract suite needs of a test runner; vitest, node:test, mocha and jest have them. */
export interface TestRunner {
  /** Groups tests. */
  describe(name: string, body: () => void): void
  /** Runs a test, which fails when its promise rejects. */
  it(name: string, body: () => Promise<void>): void
}
