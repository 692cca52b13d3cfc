import { describe, expect, it } from 'vitest'
import { documentFile, tables, toMarkdown } from './documents.js'
import { type PdfPage, pdfFile } from './pdf-file.js'

/** Rows from the top, with each cell at its place from the left. */
async function fromRows(...rows: Record<number, string>[]): Promise<string> {
  const texts = rows.flatMap((row, index) =>
    Object.entries(row).map(([x, text]): PdfPage['texts'][number] => ({
      at: [Number(x), 700 - index * 14],
      text,
    })),
  )
  return toMarkdown({ path: await documentFile('made.pdf', pdfFile([{ texts }])) })
}

const head = { 50: 'Day of the week', 200: 'Rain', 300: 'Snow' }
const row = { 50: 'Monday', 200: '3 mm', 300: 'none' }

describe('tables in a PDF', () => {
  it('carry on a row in a line that is empty in the first column', async () => {
    expect(tables(await fromRows(head, row, { 200: 'at night' }))).toEqual([
      [
        ['Day of the week', 'Rain', 'Snow'],
        ['Monday', '3 mm at night', 'none'],
      ],
    ])
  })

  it.each([
    ['whose cells stand elsewhere', { 100: 'a', 250: 'b', 300: 'c' }, 'a b c'],
    ['with two cells in a column', { 50: 'a', 134: 'b', 200: 'c' }, 'a b c'],
    ['with text in the first column only', { 50: 'after' }, 'after'],
  ])('end before a line %s', async (_, line, text) => {
    const markdown = await fromRows(head, row, line)
    expect(tables(markdown)).toEqual([
      [
        ['Day of the week', 'Rain', 'Snow'],
        ['Monday', '3 mm', 'none'],
      ],
    ])
    expect(markdown.endsWith(`|\n\n${text}\n`)).toBe(true)
  })

  it('are no two lines of two words, unless these are a form', async () => {
    expect(await fromRows({ 50: 'Left', 300: 'Right' }, { 50: 'left', 300: 'right' })).not.toMatch(/[|]|^- /m)
    expect(await fromRows({ 50: 'Name:', 300: 'Ada' }, { 50: 'Town:', 300: 'London' })).toBe(
      '- Name: Ada\n- Town: London\n',
    )
  })
})

describe('a table of contents in a PDF', () => {
  it('is written as a list', async () => {
    expect(
      await fromRows({ 50: 'Start', 500: '1' }, { 59: 'Middle', 500: '2' }, { 68: 'End', 500: '3' }),
    ).toBe('- Start 1\n- Middle 2\n- End 3\n')
  })

  it('ends where the numbers of its pages do not go on', async () => {
    const entries = ['1', '2', '3', '1', '2', '7'].map((page, index) => ({ 50: `Part ${index}`, 500: page }))
    const lists = (await fromRows(...entries)).split('\n\n')
    expect(lists.map((list) => list.trim())).toEqual([
      '- Part 0 1\n- Part 1 2\n- Part 2 3',
      '- Part 3 1\n- Part 4 2\n- Part 5 7',
    ])
  })
})
