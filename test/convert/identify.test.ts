import { describe, expect, it } from 'vitest'
import { identify } from '../../src/convert/index.js'
import { documentFile, sample, toMarkdown } from './documents.js'
import { pdfFile } from './pdf-file.js'
import { zipFile } from './zip-file.js'

describe('identify', () => {
  it.each([
    ['test_blog.html', 'html'],
    ['test_wikipedia.html', 'html'],
    ['test.docx', 'docx'],
    ['test.pdf', 'pdf'],
    ['test.epub', 'epub'],
    ['test.rtf', 'rtf'],
    ['test_mskanji.csv', 'csv'],
    ['test.json', 'json'],
    ['test_notebook.ipynb', 'ipynb'],
    ['test.pptx', 'pptx'],
    ['test.xlsx', 'xlsx'],
  ])('takes %s for %s', async (name, format) => {
    expect(await identify(sample(name))).toBe(format)
  })

  it('goes by the content where the extension says otherwise', async () => {
    const path = await documentFile(
      'report.docx',
      pdfFile([{ texts: [{ at: [50, 700], text: 'A PDF after all' }] }]),
    )
    expect(await identify(path)).toBe('pdf')
    expect(await toMarkdown({ path })).toBe('A PDF after all\n')
  })

  it('takes OpenDocument files for what they say they are, or are named where they do not', async () => {
    const body = { name: 'content.xml', content: '<x/>' }
    const type = (kind: string) => ({
      name: 'mimetype',
      content: `application/vnd.oasis.opendocument.${kind}`,
    })
    const named = async (name: string, kind?: string) =>
      identify(await documentFile(name, zipFile(kind === undefined ? [body] : [type(kind), body])))
    expect(await named('a.odt', 'spreadsheet')).toBe('ods')
    expect(await named('a', 'presentation-template')).toBe('odp')
    expect(await named('a.odt')).toBe('odt')
    await expect(named('a.odg', 'graphics')).rejects.toThrow(/OpenDocument file of another kind/)
  })

  it('goes by the name of an OpenDocument file that says what it is in damaged bytes', async () => {
    const bytes = Buffer.from('no deflated bytes at all')
    const damaged = { name: 'mimetype', deflated: { bytes, size: 39, checksum: 0 } }
    const path = await documentFile('a.ods', zipFile([damaged, { name: 'content.xml', content: '<x/>' }]))
    expect(await identify(path)).toBe('ods')
  })

  it('refuses a ZIP archive that is only built like an OpenDocument file', async () => {
    const parts = [
      { name: 'mimetype', content: 'text/plain' },
      { name: 'content.xml', content: '<x/>' },
    ]
    const path = await documentFile('a.odt', zipFile(parts))
    await expect(identify(path)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED' })
  })

  it('knows an HTML page without an extension by its first tag', async () => {
    expect(await identify(await documentFile('page', '<!-- saved -->\n<!DOCTYPE html><p>x'))).toBe('html')
  })

  it.each([
    ['a notebook', '{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "x"}]}', 'ipynb'],
    ['XML', '<?xml version="1.0"?>\n<rain><mm>3</mm></rain>', 'xml'],
    ['an object of JSON', '{"rain": [3]}', 'json'],
    ['a list of JSON', ' [\n 1, 2]', 'json'],
    ['a list of lists of JSON', '[[1.5], [-2e3]]', 'json'],
    ['an empty list of JSON', '[ ]\n', 'json'],
    ['JSON that begins with literals', '[[null, true], [false, 2]]', 'json'],
    ['JSON of one literal', '[true]', 'json'],
    ['text that begins with a reference', '[3] The rain, see page 7.', 'text'],
    ['text that begins with the time', '[2024-03-05 10:00] rain', 'text'],
    ['text that begins with the day', '[15.03.24, 10:00] rain', 'text'],
    ['text that begins with something to do', '[ ] dry the dog', 'text'],
    ['text that begins in braces', '{ rain } falls.', 'text'],
  ])('knows %s without an extension by its first characters', async (_, content, format) => {
    expect(await identify(await documentFile('nameless', content))).toBe(format)
  })

  it('takes a notebook that is named like any other JSON for a notebook', async () => {
    const path = await documentFile('n.json', '{"cells": [{"cell_type": "markdown", "source": "x"}]}')
    expect(await identify(path)).toBe('ipynb')
  })
})
