import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, sample } from './documents.js'
import { odfFile } from './odf-file.js'
import { zipFile } from './zip-file.js'

const odf = (name: string, kind: string, part: string) => documentFile(name, odfFile(kind, part.repeat(2)))
const archive = () =>
  documentFile('files.zip', zipFile(['a.txt', 'b.txt'].map((name) => ({ name, content: name }))))

describe('progress', () => {
  it.each([
    ['PDF', 'page', 1, async () => sample('test.pdf')],
    ['PPTX', 'slide', 6, async () => sample('test.pptx')],
    ['ODP', 'slide', 2, () => odf('show.odp', 'presentation', '<draw:page/>')],
    ['XLSX', 'sheet', 2, async () => sample('test.xlsx')],
    ['ODS', 'sheet', 2, () => odf('book.ods', 'spreadsheet', '<table:table table:name="S"/>')],
    ['EPUB', 'chapter', 2, async () => sample('test.epub')],
    ['ZIP', 'file', 2, archive],
  ])('of %s is told by each %s', async (format, unit, total, file) => {
    const told: object[] = []
    await convert({ path: await file() }, { progress: (progress) => told.push(progress) })
    const message = expect.stringContaining(unit)
    // A workbook of OpenDocument is read sheet by sheet, and has no list of them.
    const known = format === 'ODS' ? {} : { total }
    expect(told).toEqual(Array.from({ length: total }, (_, at) => ({ current: at + 1, ...known, message })))
  })
})
