// Prints the closing line of .ci/run from vitest's JSON report and that of the conformance tests.
import { existsSync, readFileSync } from 'node:fs'

const [, , testsPath, testsStatus, conformancePath, conformanceStatus] = process.argv
const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)
// What failed before or beside the tests (build, lint, types, a file that does not load) counts as one failure.
const failures = (failed, status) => (failed === 0 && status !== '0' ? 1 : failed)

const report = read(testsPath)
const { numPassedTests = 0, numFailedTests = 0, numPendingTests: skipped = 0 } = report ?? {}
for (const { assertionResults } of report?.testResults ?? [])
  for (const { status: how, fullName } of assertionResults)
    if (how === 'pending') console.log(`skipped: ${fullName}`)
const conformance = read(conformancePath) ?? { passed: 0, failed: 0 }
const passed = numPassedTests + conformance.passed
const failed = failures(numFailedTests, testsStatus) + failures(conformance.failed, conformanceStatus)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
