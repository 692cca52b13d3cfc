import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hasRedis } from '../support/redis.js'

const example = fileURLToPath(new URL('../../examples/bullmq.mjs', import.meta.url))

describe.skipIf(!hasRedis)('examples/bullmq.mjs', () => {
  it('starts a server and two workers, and one redeems what the other ran', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [example])
    expect(stdout).toContain('7 × 11 by process')
    expect(stdout).toMatch(/process \d+ redeemed rc_\w{22}, which process \d+ ran/)
    expect(stdout).toMatch(/process \d+ ran rc_\w{22} for the MCP server, and process \d+ redeemed it/)
  }, 60_000)
})
