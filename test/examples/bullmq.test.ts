import { describe, expect, it } from 'vitest'
import { hasRedis } from '../support/redis.js'
import { EXAMPLE_TEST_MS, runExample } from './run-example.js'

describe.skipIf(!hasRedis)('examples/bullmq.mjs', () => {
  it(
    'starts a server and two workers, and one redeems what the other ran',
    async () => {
      const lines = await runExample('bullmq.mjs')
      expect(lines[0]).toMatch(/^7 × 11 by process \d+$/)
      expect(lines.at(-2)).toMatch(/^process \d+ redeemed rc_\w{22}, which process \d+ ran$/)
      expect(lines.at(-1)).toMatch(
        /^process \d+ ran rc_\w{22} for the MCP server, and process \d+ redeemed it$/,
      )
    },
    EXAMPLE_TEST_MS,
  )
})
