import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { missingBrowser, useBrowser } from '../support/browser.js'
import { EXAMPLE_TEST_MS, exampleFile, runExample } from './run-example.js'

if (missingBrowser) console.log(`the page of the example of HTTP is not opened: ${missingBrowser}`)

it(
  'the example of HTTP shows a quick call, a handoff, events, the value and a cancel, and ends',
  async () => {
    const lines = await runExample('http.mjs')
    expect(lines[0]).toBe('to 1: complete, 1')
    expect(lines[1]).toMatch(/^to 5: p\w+, the ref rc_\w{22}$/)
    expect(lines).toContainEqual(expect.stringMatching(/^event: processing, \d+ %$/))
    expect(lines.slice(-2)).toEqual(['poll: complete, 5', 'to 1000: cancelled'])
  },
  EXAMPLE_TEST_MS,
)

describe.skipIf(missingBrowser)('the page of the example of HTTP', () => {
  const open = useBrowser()

  it(
    'does in a browser what the example does in Node',
    async () => {
      const server = spawn(process.execPath, [exampleFile('http.mjs'), 'serve'])
      onTestFinished(() => void server.kill())
      const [printed] = await once(server.stdout.setEncoding('utf8'), 'data')
      const { page, troubles } = await open()
      await page.goto(String(printed).match(/http:\S+/)?.[0] ?? '')
      await page.locator('li', { hasText: 'to 1000: cancelled' }).waitFor()
      const lines = await page.locator('li').allTextContents()
      expect(lines).toContain('to 1: complete, 1')
      expect(lines).toContain('poll: complete, 5')
      expect(troubles).toEqual([])
    },
    EXAMPLE_TEST_MS,
  )
})
