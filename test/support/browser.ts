import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = paths.find((path) => existsSync(path))

/** Why there is no browser to test with; undefined when there is. */
export const missingBrowser = executablePath ? undefined : `no browser is installed at ${paths.join(', ')}`

/** One browser for the tests of a file; each page has a profile of its own. */
export function useBrowser() {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (!executablePath) return
    // The sandbox needs rights that a container seldom gives; the pages are ours.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  })
  afterAll(() => browser?.close())
  return async (): Promise<{ page: Page; troubles: string[]; asked: Set<string> }> => {
    if (!browser) throw new Error(missingBrowser)
    const page = await browser.newPage({ viewport: { width: 1_000, height: 700 } })
    onTestFinished(() => page.context().close())
    page.setDefaultTimeout(15_000)
    const troubles: string[] = []
    const asked = new Set<string>()
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
    page.on('pageerror', (error) => troubles.push(error.message))
    page.on('request', (request) => asked.add(new URL(request.url()).origin))
    return { page, troubles, asked }
  }
}
