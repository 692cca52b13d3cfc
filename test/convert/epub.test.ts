import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, headings, outOfOrder, sample, toMarkdown } from './documents.js'
import { type ZipFileEntry, zipFile } from './zip-file.js'

/** A book of these chapters, in a folder of its own as most books have it. */
function bookFile(chapters: Record<string, string>, parts: ZipFileEntry[] = [], more = ''): Buffer {
  const names = Object.keys(chapters)
  const items = names.map(
    (name) => `<item id="${name}" href="text/${name}" media-type="application/xhtml+xml"/>`,
  )
  // The spine turns the order of the manifest around.
  const spine = [...names].reverse().map((name) => `<itemref idref="${name}"/>`)
  const metadata =
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>On rain</dc:title><dc:creator>A. Author</dc:creator><dc:creator>B. Author</dc:creator></metadata>'
  const texts = names.map((name) => ({
    name: `OPS/text/${name}`,
    content: `<html xmlns="http://www.w3.org/1999/xhtml"><body>${chapters[name]}</body></html>`,
  }))
  const listed = `<manifest>${items.join('')}${more}</manifest><spine>${spine.join('')}</spine>`
  return packageFile(metadata + listed, [...texts, ...parts])
}

function packageFile(content: string, parts: ZipFileEntry[]): Buffer {
  return zipFile([
    { name: 'mimetype', content: 'application/epub+zip' },
    {
      name: 'META-INF/container.xml',
      content: '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    },
    { name: 'OPS/book.opf', content: `<package>${content}</package>` },
    ...parts,
  ])
}

/** A manifest and a spine of these files, with more items and references before them. */
function manifest(hrefs: string[], items = '', references = ''): string {
  const own = hrefs.map(
    (href, index) => `<item id="i${index}" href="${href}" media-type="application/xhtml+xml"/>`,
  )
  const spine = hrefs.map((_, index) => `<itemref idref="i${index}"/>`)
  return `<manifest>${items}${own.join('')}</manifest><spine>${references}${spine.join('')}</spine>`
}

const packed = async (content: string, parts: ZipFileEntry[]) => ({
  path: await documentFile('book.epub', packageFile(content, parts)),
})

const book = async (...content: Parameters<typeof bookFile>) => ({
  path: await documentFile('book.epub', bookFile(...content)),
})

describe('test.epub', () => {
  it('has its two chapters in order, without the table of contents', async () => {
    const markdown = await toMarkdown({ path: sample('test.epub') })
    const wanted = [
      '# Chapter 1: Test Content',
      'This is a **test** paragraph with some formatting.',
      '- A bullet point\n- Another point',
      '# Chapter 2: More Content',
      'a *different* style.',
      '> This is a blockquote for testing.',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
    expect(headings(markdown, 1)).toHaveLength(2)
    expect(markdown.trimEnd().split('\n\n')).toHaveLength(7)
    expect(markdown).not.toMatch(/Test EPUB Document|xml version|chap_1/)
  })

  it('tells title, author and number of chapters', async () => {
    const { metadata } = await convert({ path: sample('test.epub') })
    expect(metadata).toEqual({ title: 'Test EPUB Document', author: 'Test Author', pages: 2 })
  })
})

describe('EPUB', () => {
  it('has the chapters in the order of the spine, with headings as nested as they are', async () => {
    const markdown = await toMarkdown(
      await book({ 'b.xhtml': '<h1>Last</h1><h2>Inner</h2>', 'a.xhtml': '<h1>First</h1>' }),
    )
    expect(markdown).toBe('# First\n\n# Last\n\n## Inner\n')
  })

  it('keeps links to the web and the text of links within the book', async () => {
    const chapter = '<p><a href="https://example.org/">out</a> and <a href="b.xhtml#x">in</a></p>'
    expect(await toMarkdown(await book({ 'a.xhtml': chapter }))).toBe('[out](https://example.org/) and in\n')
  })

  it('keeps the alternative text of pictures, and drops those without', async () => {
    const chapter = '<p>A <img src="../images/1.png" alt="rain gauge"/> B</p><p><img alt="" src="2.png"/></p>'
    expect(await toMarkdown(await book({ 'a.xhtml': chapter }))).toBe('A ![rain gauge](image) B\n')
  })

  it('is refused when its seller has locked it', async () => {
    const rights = [{ name: 'META-INF/rights.xml', content: '<rights/>' }]
    await expect(convert(await book({ 'a.xhtml': '<p>a</p>' }, rights))).rejects.toMatchObject({
      code: 'FILE_ENCRYPTED',
      message: expect.stringMatching(/locked by its seller/),
    })
  })

  it('numbers notes through the book and puts them at its end', async () => {
    const chapter = (note: string) =>
      `<p>Text<a epub:type="noteref" href="#n">*</a>.</p><aside epub:type="footnote" id="n"><p>${note}</p><p>More.</p></aside>`
    const markdown = await toMarkdown(
      await book({ 'b.xhtml': chapter('Second'), 'a.xhtml': chapter('First') }),
    )
    expect(markdown).toBe('Text[^1].\n\nText[^2].\n\n[^1]: First\n\n    More.\n\n[^2]: Second\n\n    More.\n')
  })

  it('leaves out the links from notes back to the text', async () => {
    const note = '<li id="n" role="doc-endnote"><p>Note. <a href="a.xhtml#r">↩\ufe0e</a></p></li>'
    const chapter = `<p>Text<a role="doc-noteref" id="r" href="#n">1</a></p><ol>${note}</ol>`
    expect(await toMarkdown(await book({ 'a.xhtml': chapter }))).toBe('Text[^1]\n\n[^1]: Note.\n')
  })

  it('finds notes in a file of their own that comes later', async () => {
    const markdown = await toMarkdown(
      await book({
        'notes.xhtml': '<ol><li id="n7" role="doc-endnote">The note</li></ol>',
        'a.xhtml': '<p>Text<sup><a role="doc-noteref" href="notes.xhtml#n7">7</a></sup></p>',
      }),
    )
    expect(markdown).toBe('Text[^1]\n\n[^1]: The note\n')
  })

  it('takes the title of a chapter without headings from the table of contents', async () => {
    const toc =
      '<nav epub:type="toc" xmlns:epub="x"><ol><li><a href="text/a.xhtml">The rain</a></li></ol></nav>'
    const markdown = await toMarkdown(
      await book(
        { 'a.xhtml': '<p>It falls.</p>' },
        [{ name: 'OPS/nav.xhtml', content: `<html><body>${toc}</body></html>` }],
        '<item id="toc" properties="nav" href="nav.xhtml" media-type="application/xhtml+xml"/>',
      ),
    )
    expect(markdown).toBe('# The rain\n\nIt falls.\n')
  })

  it('is converted although its entities are HTML’s', async () => {
    expect(await toMarkdown(await book({ 'a.xhtml': '<p>caf&eacute;&nbsp;noir</p>' }))).toMatch(
      /^café\s?noir|^café\u00a0noir/,
    )
  })

  it('is refused as damaged when it lacks its list of parts, or has a chapter again and again', async () => {
    const other = {
      name: 'META-INF/container.xml',
      content: '<container><rootfile full-path="gone.opf"/></container>',
    }
    await expect(convert(await book({ 'a.xhtml': 'a' }, [other]))).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      cause: { message: 'gone.opf is missing' },
    })
    const items = Array.from(
      { length: 50 },
      (_, n) => `<item id="i${n}" href="a.xhtml" media-type="application/xhtml+xml"/>`,
    )
    const spine = items.map((_, n) => `<itemref idref="i${n}"/>`)
    const again = {
      name: 'OPS/book.opf',
      content: `<package><manifest>${items.join('')}</manifest><spine>${spine.join('')}</spine></package>`,
    }
    const chapter = {
      name: 'OPS/a.xhtml',
      content: `<html><body><p>${'rain '.repeat(2_000)}</p></body></html>`,
    }
    const { path } = await book({}, [again, chapter])
    await expect(convert({ path, maxUnpackedBytes: 50_000 })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      cause: { message: 'it unpacks to more than its directory says' },
    })
  })

  it('keeps a mark that leads to no note, and a note that no mark leads to', async () => {
    const note = (id: string) => `<aside epub:type="footnote"${id}><p>Note${id && ' of nobody'}</p></aside>`
    const chapter = `<p>Text<a epub:type="noteref">1</a>.</p>${note(' id="n"')}${note('')}`
    expect(await toMarkdown(await book({ 'a.xhtml': chapter }))).toBe('Text1.\n\nNote of nobody\n\nNote\n')
  })

  it('reads chapters whatever their files are called', async () => {
    const names = { '100%.xhtml': '100%.xhtml', 'rain%20gauge.xhtml': 'rain gauge.xhtml' }
    const parts = Object.values(names).map((name) => ({
      name: `OPS/${name}`,
      content: `<html><body>${name}</body></html>`,
    }))
    expect(await toMarkdown(await packed(manifest(Object.keys(names)), parts))).toBe(
      '100%.xhtml\n\nrain gauge.xhtml\n',
    )
  })

  it('goes without what its package does not say, and reads the chapters that there are', async () => {
    const nothing = '<item/><item id="n" href="n.css"/>'
    const listed = manifest(['a.xhtml'], nothing, '<itemref/><itemref idref="gone"/><itemref idref="n"/>')
    const input = await packed(listed, [{ name: 'OPS/a.xhtml', content: '<html><body>text</body></html>' }])
    expect(await convert(input)).toMatchObject({ markdown: 'text\n', metadata: { pages: 1 } })
    const unnamed = `<metadata><title> </title><creator/></metadata>${listed}`
    const other = await packed(unnamed, [{ name: 'OPS/a.xhtml', content: '<html><body>text</body></html>' }])
    expect((await convert(other)).metadata).toEqual({ pages: 1 })
  })

  it('is refused as damaged when it does not tell where its package is', async () => {
    const container = { name: 'META-INF/container.xml', content: '<container/>' }
    const path = await documentFile('book.epub', zipFile([container]))
    await expect(convert({ path })).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringContaining('e-book is damaged'),
    })
  })

  it('is refused as damaged when it has no chapters', async () => {
    await expect(convert(await book({}))).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: expect.stringContaining('e-book is damaged'),
    })
  })

  it('is refused when it has more chapters than allowed, naming the option', async () => {
    const input = await book({ 'a.xhtml': '<p>a</p>', 'b.xhtml': '<p>b</p>' })
    await expect(convert({ ...input, maxPages: 1 })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      message: expect.stringMatching(/has 2 pages, over the limit of 1; .*maxPages/),
    })
  })
})
