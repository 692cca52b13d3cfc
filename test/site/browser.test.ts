import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { sectionsOf } from '../../scripts/docs/pages.js'
import { root } from '../docs/snippets.js'
import { missingBrowser, useBrowser } from '../support/browser.js'
import { serveApp } from '../support/serve.js'

if (missingBrowser) console.log(`the site is not opened: ${missingBrowser}`)

const site = new Hono().use(serveStatic({ root: `${root}scripts/docs/dist` }))
const sections = sectionsOf(`${root}docs`)
const pagesOf = (section: string) => sections.find(({ text }) => text === section)?.pages ?? []
const shows = async (page: Page, { text = '', link = '' } = {}) => {
  await page.waitForURL(`**${link}.html`)
  await page.locator('main h1', { hasText: text }).waitFor()
}

describe.skipIf(missingBrowser)('the site', { timeout: 60_000 }, () => {
  const open = useBrowser()

  it('has a home page that leads to each section, and asks no other server for anything', async () => {
    const { url } = await serveApp(site)
    const { page, troubles, asked } = await open()
    for (const { text, pages } of sections) {
      await page.goto(url)
      await page.locator('.VPFeature', { hasText: text }).click()
      await shows(page, pages[0])
    }
    expect({ troubles, asked: [...asked] }).toEqual({ troubles: [], asked: [url] })
  })

  it('lists the pages in its sidebar, by their headings', async () => {
    const { url } = await serveApp(site)
    const { page, troubles } = await open()
    await page.goto(url)
    await page.getByRole('link', { name: 'Get started' }).click()
    const listed = page.locator('.VPSidebar a')
    await expect.poll(() => listed.count()).toBeGreaterThan(20)
    const texts = sections.flatMap(({ pages }) => pages.map(({ text }) => text))
    expect(await listed.allInnerTexts()).toEqual(expect.arrayContaining(texts))
    for (const one of pagesOf('Guide').slice(1, 4)) {
      await page.locator(`.VPSidebar a[href="${one.link}.html"]`).click()
      await shows(page, one)
    }
    expect(troubles).toEqual([])
  })

  it('finds a word, and opens the page that it is on', async () => {
    const { url } = await serveApp(site)
    const { page, troubles, asked } = await open()
    await page.goto(url)
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('searchbox').fill('asyncTimeout')
    const found = page.locator('.VPLocalSearchBox .results a').first()
    const target = new URL(String(await found.getAttribute('href')), url).href
    await found.click()
    await expect.poll(() => page.url()).toBe(target)
    await page.locator('main').getByText('asyncTimeout').first().waitFor()
    expect({ troubles, asked: [...asked] }).toEqual({ troubles: [], asked: [url] })
  })

  it('shows the reference of each entry point', async () => {
    const { url } = await serveApp(site)
    const { page, troubles } = await open()
    expect(pagesOf('API').map(({ text }) => text)).toEqual(
      expect.arrayContaining(['raincheck', 'raincheck/mcp']),
    )
    await page.goto(`${url}/api/raincheck.html`)
    await page.getByRole('heading', { name: 'createRaincheck()' }).waitFor()
    await page.locator('.VPSidebar').getByRole('link', { name: 'raincheck/convert' }).click()
    await page.getByRole('heading', { name: 'convert()', exact: false }).first().waitFor()
    expect(troubles).toEqual([])
  })
})
