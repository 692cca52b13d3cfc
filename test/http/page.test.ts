import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpApp, type HttpOptions } from '../../dist/http/index.js'
import { createRaincheck, type TaskHandle } from '../../dist/index.js'
import { missingBrowser, useBrowser } from '../support/browser.js'
import { serveApp } from '../support/serve.js'

if (missingBrowser) console.log(`the page is not tested: ${missingBrowser}`)

/** A function whose tasks each test moves on by itself. */
function handled() {
  const tasks = new Map<string, { task: TaskHandle; end(value: unknown): void; fail(error: Error): void }>()
  const work = ({ title }: { title: string }, task: TaskHandle) =>
    new Promise<unknown>((resolve, reject) => tasks.set(title, { task, end: resolve, fail: reject }))
  const of = (title: string) => {
    const found = tasks.get(title)
    if (!found) throw new Error(`${title} does not run`)
    return found
  }
  return { work, of }
}

async function served(options: Partial<HttpOptions> = {}, concurrency = 3) {
  const rain = createRaincheck({ concurrency })
  onTestFinished(() => rain.close({ drain: 0 }))
  const { work, of } = handled()
  const call = rain.cached({ name: 'work', asyncTimeout: 0, title: ({ title }: { title: string }) => title })(
    work,
  )
  const app = createHttpApp(rain, { functions: [call], ...options })
  const start = async (...titles: string[]) => {
    const answers = await Promise.all(titles.map((title) => call({ title })))
    return answers.map(({ ref }) => ref)
  }
  return { rain, of, start, app, call, ...(await serveApp(app)) }
}

const row = (page: Page, title: string) => page.locator('li', { hasText: title })
const inList = (page: Page, list: string, title: string) =>
  page.locator(`#${list} li`, { hasText: title }).waitFor()
const showing = (page: Page, text: string) =>
  expect.poll(() => page.locator('textarea').inputValue(), { timeout: 15_000 }).toBe(text)
const counting = (page: Page, selector: string, count: number) =>
  expect.poll(() => page.locator(selector).count(), { timeout: 30_000 }).toBe(count)
const live = (page: Page) => page.locator('#connection[data-state=live]').waitFor()

describe.skipIf(missingBrowser)('the page', { timeout: 60_000 }, () => {
  const open = useBrowser()

  it('shows a batch that runs and waits, and its progress moving', async () => {
    const { start, of, url } = await served()
    const { page, troubles, asked } = await open()
    await page.goto(url)
    await live(page)
    await start('one.pdf', 'two.pdf', 'three.pdf', 'four.pdf')
    await inList(page, 'running', 'two.pdf')
    await inList(page, 'waiting', 'four.pdf')
    for (const current of [1, 3]) {
      of('two.pdf').task.progress({ current, total: 4, message: `page ${current} of 4` })
      await row(page, 'two.pdf')
        .getByText(`${current * 25} %, page ${current} of 4`)
        .waitFor()
      expect(await row(page, 'two.pdf').locator('progress').getAttribute('value')).toBe(String(current * 25))
    }
    of('two.pdf').end('done')
    await inList(page, 'settled', 'two.pdf')
    await inList(page, 'running', 'four.pdf')
    expect({ troubles, asked: [...asked] }).toEqual({ troubles: [], asked: [url] })
  })

  it('cancels a task and retries it', async () => {
    const { start, url } = await served()
    const { page } = await open()
    await page.goto(url)
    await start('one.pdf')
    await row(page, 'one.pdf').getByRole('button', { name: 'Cancel' }).click()
    await page.locator('#settled li[data-status=cancelled]').waitFor()
    await row(page, 'one.pdf').getByRole('button', { name: 'Retry' }).click()
    await inList(page, 'running', 'one.pdf')
    expect(await row(page, 'one.pdf').count()).toBe(2)
  })

  it('opens the result of a task, and its log, which goes on', async () => {
    const { start, of, url } = await served({ readLog: async () => 'line one\n' })
    const { page } = await open()
    await page.goto(url)
    await live(page)
    await start('one.pdf', 'two.pdf')
    of('one.pdf').end({ markdown: '# The first' })
    await row(page, 'one.pdf').getByRole('button', { name: 'Result' }).click()
    await page.getByRole('textbox', { name: 'Result of one.pdf' }).waitFor()
    await showing(page, '# The first')
    await page.keyboard.press('Escape')
    await row(page, 'two.pdf').getByRole('button', { name: 'Log' }).click()
    await showing(page, 'line one\n')
    of('two.pdf').task.log('line two')
    await showing(page, 'line one\nline two\n')
  })

  it('shows why a task failed, and in how many attempts', async () => {
    const rain = createRaincheck()
    onTestFinished(() => rain.close({ drain: 0 }))
    const failing = rain.cached({ name: 'failing', asyncTimeout: 0, retries: 2, retryDelay: 1 })(async () => {
      throw Object.assign(new Error('out of paper'), { code: 'EPAPER' })
    })
    const { url } = await serveApp(createHttpApp(rain, { functions: [failing] }))
    const { page } = await open()
    await page.goto(url)
    await failing({})
    await row(page, 'EPAPER: out of paper').getByText('3 failed attempts').waitFor()
  })

  it('says that the connection is lost, and shows what happened meanwhile once it is back', async () => {
    const { start, of, app, url, port, stop } = await served()
    const { page } = await open()
    await page.goto(url)
    await live(page)
    await start('one.pdf', 'two.pdf')
    await inList(page, 'running', 'two.pdf')
    await stop()
    await page.locator('#connection[data-state=lost]').waitFor()
    of('one.pdf').end('done')
    const [later] = await start('later.pdf')
    await serveApp(app, port)
    await live(page)
    await inList(page, 'settled', 'one.pdf')
    await row(page, String(later)).waitFor()
  })

  it('lets no list that comes late undo what was heard meanwhile', async () => {
    const { start, of, url } = await served()
    const { page } = await open()
    await start('one.pdf')
    await page.route('**/tasks?limit=1000', async (route) => {
      const response = await route.fetch()
      of('one.pdf').end('done')
      await inList(page, 'settled', 'one.pdf')
      await route.fulfill({ response })
    })
    const listed = page.waitForEvent('requestfinished', (request) => request.url().endsWith('?limit=1000'))
    await page.goto(url)
    await listed
    await start('two.pdf')
    await inList(page, 'running', 'two.pdf')
    expect(await page.locator('#settled li').count()).toBe(1)
    expect(await page.locator('#running li').count()).toBe(1)
  })

  it('finds tasks by title, function, ref and status', async () => {
    const { start, url } = await served()
    const { page } = await open()
    await page.goto(url)
    await live(page)
    const [ref] = await start('one.pdf', 'two.pdf', 'three.docx')
    await inList(page, 'running', 'three.docx')
    const visible = () => page.locator('li:visible').count()
    await page.fill('#filter', '.pdf')
    expect(await visible()).toBe(2)
    await page.fill('#filter', String(ref))
    expect(await visible()).toBe(1)
    await page.fill('#filter', '')
    await page.selectOption('#status', 'failed')
    expect(await visible()).toBe(0)
  })

  it('can be used by keys alone', async () => {
    const { start, of, url } = await served()
    const { page } = await open()
    await page.goto(url)
    await live(page)
    await start('one.pdf', 'two.pdf')
    await inList(page, 'running', 'two.pdf')
    await page.keyboard.press('/')
    await page.keyboard.type('one')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('c')
    await page.locator('#settled li[data-status=cancelled]:focus').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('two')
    await page.keyboard.press('ArrowDown')
    of('two.pdf').end('the second')
    await page.locator('#settled li[data-status=complete]:focus').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
  })

  it('asks for a token where the server wants one, and keeps it for this tab', async () => {
    const tokens = { alice: 'alice-0123456789abcdef' }
    const { call, url } = await served({ tokens })
    const { page } = await open()
    await page.goto(url)
    await page.getByRole('textbox', { name: 'Token' }).fill('a-wrong-token-0123456789')
    await page.keyboard.press('Enter')
    await page.getByText('not one of this server').waitFor()
    await page.getByRole('textbox', { name: 'Token' }).fill(tokens.alice)
    await page.keyboard.press('Enter')
    await live(page)
    await call({ title: 'of alice.pdf' }, { scope: 'alice' })
    await call({ title: 'of nobody.pdf' })
    await inList(page, 'running', 'of alice.pdf')
    await page.reload()
    await inList(page, 'running', 'of alice.pdf')
    expect(await row(page, 'of nobody.pdf').count()).toBe(0)
  })

  it('shows what others wrote as text, whatever it is', async () => {
    const { start, url } = await served()
    const { page, troubles } = await open()
    await page.goto(url)
    const title = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    await start(title)
    await page.getByText(title).waitFor()
    expect({ title: await page.title(), troubles }).toEqual({ title: 'raincheck', troubles: [] })
  })

  it('is dark where people want it dark, and works where the app is mounted', async () => {
    const { Hono } = await import('hono')
    const { app, start } = await served()
    const { url } = await serveApp(new Hono().route('/jobs', app))
    const { page } = await open()
    await page.goto(`${url}/jobs`)
    await live(page)
    await start('one.pdf')
    await inList(page, 'running', 'one.pdf')
    const colour = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await colour()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await colour()).not.toBe(light)
  })

  // Time of the clock: where the machine is held up by others, one of three tries will do.
  it('lists a thousand tasks, a hundred of which move, without holding up the browser', {
    retry: 2,
  }, async () => {
    const { start, of, url } = await served({}, 100)
    const titles = Array.from({ length: 1_000 }, (_, at) => `document ${at}.pdf`)
    await start(...titles)
    const { page } = await open()
    await page.addInitScript(() => {
      const seen: number[] = []
      Object.assign(globalThis, { seen })
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) seen.push(duration)
      }).observe({ type: 'longtask' as 'mark', buffered: true })
    })
    await page.goto(url)
    await counting(page, 'li', 1_000)
    for (let current = 1; current <= 20; current++) {
      for (const title of titles.slice(0, 100)) of(title).task.progress({ current, total: 20 })
      await page.mouse.wheel(0, 2_000)
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)))
    }
    await counting(page, 'progress[value="100"]', 100)
    const long = (await page.evaluate(() => Reflect.get(globalThis, 'seen'))) as number[]
    // "Total blocking time", as browsers' own tools have it: what each task takes beyond 50 ms.
    const blocked = long.reduce((sum, duration) => sum + duration - 50, 0)
    console.log(`blocked for ${blocked} ms in all; the longest task took ${Math.max(0, ...long)} ms`)
    expect(blocked).toBeLessThan(300)
  })
})
