import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, headings, sample, tables, toMarkdown } from './documents.js'

async function fromCells(cells: object[], metadata: object = {}): Promise<string> {
  const path = await documentFile('n.ipynb', JSON.stringify({ cells, metadata, nbformat: 4 }))
  return toMarkdown({ path })
}

const output = (data: object) => [
  { cell_type: 'code', source: '', outputs: [{ output_type: 'display_data', data }] },
]

describe('test_notebook.ipynb', () => {
  it('has its cells in order, with code and what it printed', async () => {
    expect(await toMarkdown({ path: sample('test_notebook.ipynb') })).toBe(
      [
        '# Test Notebook',
        '```python\nprint("markitdown")\n```',
        '```text\nmarkitdown\n```',
        '## Code Cell Below',
        '```python\n# comment in code\nprint(42)\n```',
        '```text\n42\n```',
        'End',
        '---\n',
      ].join('\n\n'),
    )
  })

  it('tells its title', async () => {
    expect((await convert({ path: sample('test_notebook.ipynb') })).metadata.title).toBe(
      'Test Notebook Title',
    )
  })
})

describe('IPYNB', () => {
  it('names the language of the kernel', async () => {
    const cells = [{ cell_type: 'code', source: ['x <- 1\n', 'x'], outputs: [] }]
    expect(await fromCells(cells, { kernelspec: { language: 'R' } })).toBe('```R\nx <- 1\nx\n```\n')
  })

  it('writes an HTML table as a table, and not its text as well', async () => {
    const html = '<table><tr><th>a</th></tr><tr><td>1</td></tr></table>'
    const markdown = await fromCells(output({ 'text/html': [html], 'text/plain': 'a\n1' }))
    expect(tables(markdown)).toEqual([[['a'], ['1']]])
    expect(markdown).not.toContain('```')
  })

  it('has the description of a picture and none of its bytes', async () => {
    const markdown = await fromCells(
      output({ 'image/png': 'iVBORw0KGgo=', 'text/plain': '<Figure size 640x480>' }),
    )
    expect(markdown).toBe('![<Figure size 640x480>](image)\n')
  })

  it('writes an output in the form that is nearest to Markdown', async () => {
    const plain = { 'text/plain': '<Object>' }
    expect(await fromCells(output({ ...plain, 'text/markdown': ['**rain**', ' falls'] }))).toBe(
      '**rain** falls\n',
    )
    expect(await fromCells(output({ ...plain, 'text/html': '<p>page</p>' }))).toBe('```text\n<Object>\n```\n')
    expect(await fromCells(output({ 'text/html': '<p>Only <b>HTML</b></p>' }))).toBe('Only **HTML**\n')
    expect(await fromCells(output({ 'text/latex': ['$x^2$'] }))).toBe('```text\n$x^2$\n```\n')
    expect(await fromCells(output({ 'image/png': 'iVBORw0KGgo=' }))).toBe('![output](image)\n')
  })

  it('leaves out what a program printed when that is nothing', async () => {
    const outputs = [{ output_type: 'stream', text: ['\n', ' \n'] }]
    expect(await fromCells([{ cell_type: 'code', source: 'print()', outputs }])).toBe(
      '```python\nprint()\n```\n',
    )
  })

  it('keeps raw cells as they are written', async () => {
    expect(await fromCells([{ cell_type: 'raw', source: '\\begin{x} *' }])).toBe('```\n\\begin{x} *\n```\n')
  })

  it('tells its authors by their names', async () => {
    const metadata = {
      title: 'Rain',
      authors: [{ name: 'Ann' }, { email: 'x@example.org' }, { name: 'Bob' }],
    }
    const cells = [{ cell_type: 'markdown', source: 'x' }]
    const path = await documentFile('n.ipynb', JSON.stringify({ cells, metadata }))
    expect((await convert({ path })).metadata).toEqual({ title: 'Rain', author: 'Ann, Bob' })
  })

  it('has errors without the colours of a terminal', async () => {
    const outputs = [{ output_type: 'error', traceback: ['\u001b[0;31mValueError\u001b[0m: rain'] }]
    expect(await fromCells([{ cell_type: 'code', source: 'x', outputs }])).toContain(
      '```text\nValueError: rain\n```',
    )
  })

  it('leaves attached and embedded images out of markdown cells', async () => {
    const source = '![a](attachment:a.png) ![b](data:image/png;base64,iVBORw0KGgo=)'
    expect(await fromCells([{ cell_type: 'markdown', source }])).toBe('![a](image) ![b](image)\n')
  })

  it('reads the cells of version 3', async () => {
    const cells = [
      { cell_type: 'heading', source: 'Top' },
      { cell_type: 'heading', level: 2, source: 'Old' },
      { cell_type: 'code', input: 'x', outputs: [{ output_type: 'pyout', text: ['7'] }] },
    ]
    const path = await documentFile('n.ipynb', JSON.stringify({ worksheets: [{ cells }], nbformat: 3 }))
    const markdown = await toMarkdown({ path })
    expect([headings(markdown, 1), headings(markdown, 2)]).toEqual([['Top'], ['Old']])
    expect(markdown).toContain('```python\nx\n```\n\n```text\n7\n```')
  })

  it('is refused when it is cut off or has no cells', async () => {
    const cut = await documentFile('n.ipynb', '{"cells": [{"cell_type": "code"')
    await expect(convert({ path: cut })).rejects.toMatchObject({ code: 'FILE_CORRUPT' })
    const hollow = await documentFile('n.ipynb', '{"metadata": {}}')
    await expect(convert({ path: hollow })).rejects.toThrow(/notebook is damaged/)
  })
})
