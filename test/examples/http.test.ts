import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runToEnd } from '../support/cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const example = fileURLToPath(new URL('../../examples/http.mjs', import.meta.url))

it('the example of HTTP shows a quick call, a handoff, events and the value, and ends', async () => {
  const { stdout, stderr, exitCode } = await runToEnd(process.execPath, [example], await temporaryFolder())
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  expect(stdout).toMatch(/^to 1: complete, 1\nto 5: processing, the ref rc_\w{22}\n/)
  expect(stdout).toMatch(/event: processing, \d+ %\n/)
  expect(stdout).toMatch(/event: complete\npoll: 5\n$/)
})
