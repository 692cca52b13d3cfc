// Prints the closing line of .ci/run, and one for each of its parts. Of each it is given the name, the report (vitest's JSON, or
// that of the conformance tests) and the exit code. Ends with 1 where anything failed.
import { existsSync, readFileSync } from 'node:fs'

const args = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }
for (let at = 0; at < args.length; at += 3) {
  const [name, path, status] = args.slice(at, at + 3)
  const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  for (const test of skippedOf(report)) console.log(`skipped (${name}): ${test}`)
  for (const test of failedOf(report)) console.log(`failed (${name}): ${test}`)
  const counts = countsOf(report, status)
  for (const [what, count] of Object.entries(counts)) total[what] += count
  console.log(`${name}: ${tell(counts)}`)
}
console.log(tell(total))
process.exitCode = total.failed > 0 ? 1 : 0

function countsOf(report, status) {
  const { numPassedTests, numFailedTests, numPendingTests } = report
  const {
    passed = numPassedTests ?? 0,
    failed = numFailedTests ?? 0,
    skipped = numPendingTests ?? 0,
  } = report
  // What failed before or beside the tests (build, lint, types, a file that does not load) counts as one failure, and so
  // does a part that has tested nothing.
  const isBroken = status !== '0' || passed === 0
  return { passed, failed: failed === 0 && isBroken ? 1 : failed, skipped }
}

function skippedOf({ testResults = [] }) {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  return results
    .filter(({ status }) => status === 'skipped' || status === 'todo')
    .map(({ fullName }) => fullName)
}

/** Each with its first error; a file that does not load has no tests, and a message of its own. */
function failedOf({ testResults = [] }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0 && status === 'failed') return [`${name}: ${message}`]
    return failed.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`)
  })
}

function tell({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
