import { describe, expect, it } from 'vitest'
import { documentFile, sample, tables, toMarkdown } from './documents.js'

async function rows(content: string | Uint8Array, name = 'table.csv'): Promise<string[][] | undefined> {
  return tables(await toMarkdown({ path: await documentFile(name, content) }))[0]
}

describe('test_mskanji.csv', () => {
  it('is a table of four rows, read as Shift-JIS', async () => {
    const markdown = await toMarkdown({ path: sample('test_mskanji.csv') })
    expect(tables(markdown)).toEqual([
      [
        ['名前', '年齢', '住所'],
        ['佐藤太郎', '30', '東京'],
        ['三木英子', '25', '大阪'],
        ['髙橋淳', '35', '名古屋'],
      ],
    ])
  })
})

describe('CSV and TSV', () => {
  it.each([',', ';', '\t', '|'])('finds %j as the delimiter', async (delimiter) => {
    const content = ['a,b,c', '1,2,3', '4,5,6'].join('\n').replaceAll(',', delimiter)
    expect(await rows(content)).toEqual([
      ['a', 'b', 'c'],
      ['1', '2', '3'],
      ['4', '5', '6'],
    ])
  })

  it('goes by the delimiter that Excel writes on top', async () => {
    expect(await rows('sep=;\r\na;b\r\n1,5;2,5\r\n')).toEqual([
      ['a', 'b'],
      ['1,5', '2,5'],
    ])
  })

  it('keeps commas in TSV', async () => {
    expect(await rows('a,b\tc\n1,5\t2\n', 'table.tsv')).toEqual([
      ['a,b', 'c'],
      ['1,5', '2'],
    ])
  })

  it('keeps quotes, delimiters, pipes, line breaks and tags within cells', async () => {
    const content = 'name,note\n"Lovelace, Ada","said ""rain"""\na|b,"two\nlines"\n<b>,back\\slash|\n'
    expect(await toMarkdown({ path: await documentFile('table.csv', content) })).toBe(
      [
        '| name | note |',
        '| --- | --- |',
        '| Lovelace, Ada | said "rain" |',
        '| a\\|b | two lines |',
        '| \\<b> | back\\slash\\| |',
        '',
      ].join('\n'),
    )
  })

  it('has a head as wide as its widest row, so that no cell is lost', async () => {
    const markdown = await toMarkdown({ path: await documentFile('table.csv', 'a,b\n1,2,3\n4\n') })
    expect(markdown).toBe('| a | b |  |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n| 4 |\n')
  })

  it('leaves empty lines out', async () => {
    expect(await rows('a,b\n\n,\n1,2\n\n')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })

  it('is nothing where there are only empty lines', async () => {
    expect(await toMarkdown({ path: await documentFile('table.csv', '\n\n,,\n') })).toBe('\n')
  })

  it('keeps what follows a quote that is never closed', async () => {
    expect(await toMarkdown({ path: await documentFile('table.csv', 'a,b\n1,"2\n3,4\n') })).toContain('3,4')
  })
})
