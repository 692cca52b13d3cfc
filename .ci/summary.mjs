// Prints the closing line of .ci/run from vitest's JSON report.
import { existsSync, readFileSync } from 'node:fs'

const [, , path, status] = process.argv
const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests: skipped = 0 } = report ?? {}
// What failed before or beside the tests (build, lint, types, a file that does not load) counts as one failure.
const failed = numFailedTests === 0 && status !== '0' ? 1 : numFailedTests
for (const { assertionResults } of report?.testResults ?? [])
  for (const { status: how, fullName } of assertionResults)
    if (how === 'pending') console.log(`skipped: ${fullName}`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
