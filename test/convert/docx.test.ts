import { describe, expect, it } from 'vitest'
import { documentFile, headings, outOfOrder, sample, tables, toMarkdown } from './documents.js'
import { wordFile } from './zip-file.js'

describe('test.docx', () => {
  it('keeps its headings, whose style ids are numbers', async () => {
    const markdown = await toMarkdown({ path: sample('test.docx') })
    expect(headings(markdown, 1)).toEqual([
      'AutoGen: Enabling Next-Gen LLM Applications via Multi-Agent Conversation',
      'Abstract',
      'Introduction',
    ])
    expect(headings(markdown, 2)).toEqual(['d666f1f7-46cb-42bd-9a39-9a39cf2a509f'])
  })

  it('keeps its text in order', async () => {
    const markdown = await toMarkdown({ path: sample('test.docx') })
    const wanted = [
      'Qingyun Wu',
      'AutoGen is an open-source framework',
      'Large language models (LLMs) are becoming a crucial building block',
      'd666f1f7-46cb-42bd-9a39-9a39cf2a509f',
      '314b0a30-5b04-470b-b9f7-eed2c2bec74a',
      'Here is a random table for .docx parsing test purposes:',
      '49e168b7-d2ae-407f-a055-2167576f39a1',
      'Test Image:',
      '![图形用户界面',
    ]
    expect(outOfOrder(markdown, wanted)).toEqual([])
  })

  it('keeps its table of five rows and six columns', async () => {
    const [table, ...others] = tables(await toMarkdown({ path: sample('test.docx') }))
    expect(others).toEqual([])
    expect(table?.map((row) => row.length)).toEqual([6, 6, 6, 6, 6])
    expect(table?.[0]).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(table?.[4]).toEqual(['24', '25', '26', '27', '28', '29'])
  })

  it('leaves its picture out of the text', async () => {
    expect(await toMarkdown({ path: sample('test.docx') })).not.toMatch(/base64|<img/)
  })
})

describe('DOCX', () => {
  const style = (id: string, name: string, properties: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${properties}</w:style>`
  const paragraph = (styleId: string, text: string) =>
    `<w:p><w:pPr><w:pStyle w:val="${styleId}"/></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
  const styled = (styles: string, body: string) =>
    documentFile(
      'styled.docx',
      wordFile(body, [
        {
          name: 'word/styles.xml',
          content: `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${styles}</w:styles>`,
        },
      ]),
    )

  it('takes a style of the author’s own as a heading by its outline level', async () => {
    const own = style('x', "Author's &amp; own", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
    const path = await styled(own, paragraph('x', 'Own heading') + paragraph('y', 'Text'))
    expect(await toMarkdown({ path })).toBe('## Own heading\n\nText\n')
  })

  it('takes the outline level from the style that one is based on', async () => {
    const base = style('b', 'Base', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    const path = await styled(
      base + style('d', 'Derived', '<w:basedOn w:val="b"/>'),
      paragraph('d', 'Derived'),
    )
    expect(await toMarkdown({ path })).toBe('# Derived\n')
  })

  it('is not led in circles by styles based on each other', async () => {
    const styles = style('a', 'A', '<w:basedOn w:val="b"/>') + style('b', 'B', '<w:basedOn w:val="a"/>')
    expect(await toMarkdown({ path: await styled(styles, paragraph('a', 'Text')) })).toBe('Text\n')
  })
})
