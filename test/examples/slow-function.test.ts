import { expect, it } from 'vitest'
import { EXAMPLE_TEST_MS, runExample } from './run-example.js'

it(
  'the example of a slow function shows value, handoff, poll, hit and one run for equal calls',
  async () => {
    expect(await runExample('slow-function.mjs')).toEqual([
      'a quick call: complete, 25 primes',
      expect.stringMatching(/^a slow call: processing, redeem rc_\w{22} in about \d+ ms$/),
      'a poll: processing; a poll that waits: complete, 168 primes',
      'the same call again: complete from the store, 2 runs so far',
      expect.stringMatching(/^three at once: complete, p\w+ and the value 1229; 3 runs in all$/),
    ])
  },
  EXAMPLE_TEST_MS,
)
