import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, toMarkdown } from './documents.js'

const from = async (xml: string, name = 'feed.xml') => toMarkdown({ path: await documentFile(name, xml) })

const rss = (channel: string) =>
  `<?xml version="1.0"?>\n<rss version="2.0" xmlns:content="c" xmlns:dc="d"><channel><title>Rain &amp; sun</title>${channel}</channel></rss>`

describe('RSS and Atom', () => {
  it('has entries as headings with link, date, author and summary', async () => {
    const item =
      '<item><title>First</title><link>https://example.org/1</link><pubDate>Mon, 06 Sep 2021 00:01:00 GMT</pubDate><dc:creator>Ann</dc:creator><description><![CDATA[<h1>Head</h1><p>A <b>bold</b>&nbsp;word</p>]]></description></item>'
    expect(
      await from(rss(`<description>News</description>${item}<item><title>Second</title></item>`)),
    ).toMatch(
      /^# Rain & sun\n\nNews\n\n## \[First\]\(https:\/\/example\.org\/1\)\n\nMon, 06 Sep 2021 00:01:00 GMT · Ann\n\n### Head\n\nA \*\*bold\*\*\sword\n\n## Second\n$/,
    )
  })

  it('prefers the whole text of an entry to its summary', async () => {
    const item =
      '<item><title>T</title><description>Short</description><content:encoded>&lt;p&gt;Whole&lt;/p&gt;</content:encoded></item>'
    const markdown = await from(rss(item))
    expect(markdown).toContain('Whole')
    expect(markdown).not.toContain('Short')
  })

  it('reads Atom, whose text may be XHTML, and takes the link to the entry', async () => {
    const entry =
      '<entry><title>E</title><link rel="self" href="https://example.org/self"/><link href="https://example.org/e"/><updated>2024-01-01T00:00:00Z</updated><content type="xhtml"><div xmlns="x"><p>Hi <em>there</em></p></div></content></entry>'
    expect(await from(`<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>${entry}</feed>`)).toBe(
      '# A\n\n## [E](https://example.org/e)\n\n2024-01-01T00:00:00Z\n\nHi *there*\n',
    )
  })

  it('reads Atom’s text as text, unless it says that it is HTML', async () => {
    const entry = (content: string) => `<entry><title>E</title>${content}</entry>`
    const entries = [
      '<summary type="text">1 &lt; 2 &lt;b&gt;</summary>',
      '<content>2 &lt;b&gt;</content>',
      '<content type="text/plain">3 &lt;b&gt;</content>',
      '<content type="html">&lt;b&gt;4&lt;/b&gt;</content>',
    ]
    const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>${entries.map(entry).join('')}</feed>`
    const texts = (await from(feed)).split('## E\n\n').slice(1)
    expect(texts.map((text) => text.trim())).toEqual(['1 < 2 \\<b>', '2 \\<b>', '3 \\<b>', '**4**'])
  })

  it('has the description of an entry, not what its pictures say', async () => {
    const picture =
      '<media:content xmlns:media="m" url="https://example.org/1.jpg"><media:credit>Ann</media:credit></media:content>'
    const item = `<item><title>T</title>${picture}<description>&lt;p&gt;It rains.&lt;/p&gt;</description></item>`
    expect(await from(rss(item))).toBe('# Rain & sun\n\n## T\n\nIt rains.\n')
  })

  it('has the text of an entry in Atom, not what its pictures say', async () => {
    const picture = '<media:description xmlns:media="m">A cloud</media:description>'
    const entry = `<entry><title>E</title>${picture}<content type="html">It rains.</content></entry>`
    expect(await from(`<feed><title>A</title>${entry}</feed>`)).toBe('# A\n\n## E\n\nIt rains.\n')
  })

  it('reads a summary in RSS as HTML, as all there is', async () => {
    const summary = '<itunes:summary xmlns:itunes="i"><![CDATA[<p>It <b>rains</b>.</p>]]></itunes:summary>'
    expect(await from(rss(`<item><title>T</title>${summary}</item>`))).toBe(
      '# Rain & sun\n\n## T\n\nIt **rains**.\n',
    )
  })

  it('names entries without a title by their date, and a feed without one as such', async () => {
    const date = 'Mon, 06 Sep 2021 00:01:00 GMT'
    const items = `<item><pubDate>${date}</pubDate></item><item><description>x</description></item>`
    expect(await from(`<rss version="2.0"><channel>${items}</channel></rss>`)).toBe(
      `# Feed\n\n## ${date}\n\n${date}\n\n## Untitled\n\nx\n`,
    )
  })

  it('reads RDF, whose entries are beside the channel', async () => {
    const xml =
      '<rdf:RDF xmlns:rdf="r"><channel><title>R</title></channel><item><title>One</title></item></rdf:RDF>'
    expect(await from(xml, 'feed.rss')).toBe('# R\n\n## One\n')
  })

  it('reads HTML’s entities, which XML does not know', async () => {
    expect(await from(rss('<item><title>caf&eacute; &amp; rain</title></item>'))).toContain('## café & rain')
  })

  it('expands and fetches no entities', async () => {
    const bomb =
      '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    const markdown = await from(`${bomb}${rss('<item><title>T &b; &x;</title></item>').replace(/^.*\n/, '')}`)
    expect(markdown).not.toMatch(/aaaa|root:/)
  })

  it('is refused when it is cut off', async () => {
    const path = await documentFile('feed.rss', rss('').slice(0, -10))
    await expect(convert({ path })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringContaining('feed'),
    })
  })
})
