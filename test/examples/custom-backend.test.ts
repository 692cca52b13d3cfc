import { expect, it } from 'vitest'
import { EXAMPLE_TEST_MS, runExample } from './run-example.js'

it(
  'the backend of the example passes the contract of backends, and runs, ends and refuses what it says',
  async () => {
    const lines = await runExample('custom-backend.mjs')
    expect(lines).toContain('  passed: an abort frees the slot of a running job, whatever its function does')
    expect(lines.slice(-4)).toEqual([
      `the contract of backends: ${lines.length - 4} tests passed`,
      'both threads loop for ever: 2 tasks run, 1 waits',
      'one is cancelled (cancelled), and the third gets its thread: 17984 primes',
      'with a limit that it does not keep: perScope must be left out: the worker-threads backend cannot keep it, got 1',
    ])
  },
  EXAMPLE_TEST_MS,
)
