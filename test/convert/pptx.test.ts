import { describe, expect, it } from 'vitest'
import { convert } from '../../src/convert/index.js'
import { documentFile, headings, markdownOf, metadataOf, outOfOrder, sample, tables } from './documents.js'
import { presentationFile, type Relation, relations, shape, textParagraph } from './office-file.js'

type Slides = Parameters<typeof presentationFile>[0]

async function fromSlides(slides: Slides, parts: Parameters<typeof presentationFile>[1] = []) {
  return markdownOf(await documentFile('show.pptx', presentationFile(slides, parts)))
}

describe('test.pptx', () => {
  it('has the title of each of its six slides as a heading', async () => {
    const markdown = await markdownOf(sample('test.pptx'))
    expect(headings(markdown, 1)).toEqual([
      'AutoGen: Enabling Next-Gen LLM Applications via Multi-Agent Conversation',
    ])
    expect(headings(markdown, 2)).toEqual([
      '2cdda5c8-e50e-4db4-b5f0-9722a649f455',
      'A table to test parsing:',
      'A chart to test parsing:',
      'A Nested Shape parsing',
      'These Test Strings are in the Image!',
    ])
  })

  it('keeps its text in order', async () => {
    const wanted = [
      'Qingyun Wu , Gagan Bansal , Jieyu Zhang, Yiran Wu',
      'AutoGen is an open-source framework that allows developers',
      '04191ea8-5c73-4215-a1d3-1cfb43aaaf12',
      '![The first page of the AutoGen ArXiv paper. 44bf7d06-5e7a-4a40-a2e1-a2e42ef28c8a](image)',
      '1b92870d-e3b5-4e65-8153-919f4ff45592',
      'a3f6004b-6f4f-4ea8-bee3-3741f4dc385f',
      'Nested Shape',
      'This is a nested shape with content in 2 shapes',
      '- **Comment 1**\n- **Comment 2:**\n    - Sub comment 2',
      '![This phrase of the caption is Human-written.](image)',
    ]
    expect(outOfOrder(await markdownOf(sample('test.pptx')), wanted)).toEqual([])
  })

  it('keeps its table and the data of its chart', async () => {
    const [table, chart, ...others] = tables(await markdownOf(sample('test.pptx')))
    expect(others).toEqual([])
    expect(table?.map((row) => row.length)).toEqual([6, 6, 6, 6])
    expect(table?.[2]).toEqual(['7', '8', '9', '1b92870d-e3b5-4e65-8153-919f4ff45592', '11', '12'])
    expect(
      table
        ?.flat()
        .filter((cell) => /^\d+$/.test(cell))
        .map(Number),
    ).toEqual(Array.from({ length: 18 }, (_, at) => at + 1).filter((number) => number !== 10))
    expect(chart?.[0]?.at(-1)).toBe('Series 1')
    expect(chart?.slice(1)).toEqual([
      ['2000', '2000'],
      ['2001', '2001'],
      ['2002', '2002'],
      ['2003', '2003'],
    ])
  })

  it('tells its author and how many slides it has', async () => {
    expect(await metadataOf(sample('test.pptx'))).toEqual({
      title: 'AutoGen: Enabling Next-Gen LLM Applications via Multi-Agent Conversation',
      author: 'Adam Fourney',
      pages: 6,
    })
  })
})

describe('PPTX', () => {
  it('numbers a slide without a title and marks a hidden one', async () => {
    const title = shape('type="title"', textParagraph('Kept back'))
    const slides = [{ shapes: '' }, { shapes: title, hidden: true }]
    expect(await fromSlides(slides)).toBe('## Slide 1\n\n## Kept back (hidden)\n')
  })

  it('nests lists by their level and numbers those that are numbered', async () => {
    const level = (depth: number, bullet: string) => `<a:pPr lvl="${depth}"><a:${bullet}/></a:pPr>`
    const body = [
      textParagraph('one', level(0, 'buChar char="•"')),
      textParagraph('inner', level(1, 'buChar char="–"')),
      textParagraph('first', level(2, 'buAutoNum type="arabicPeriod"')),
      textParagraph('second', level(2, 'buAutoNum type="arabicPeriod"')),
      textParagraph('two', level(0, 'buChar char="•"')),
      textParagraph('no bullet', level(0, 'buNone')),
    ]
    expect(await fromSlides([{ shapes: shape('idx="1"', body.join('')) }])).toBe(
      '## Slide 1\n\n- one\n    - inner\n        1. first\n        2. second\n- two\n\nno bullet\n',
    )
  })

  it('takes bullets from the master, unless the layout has none for that place', async () => {
    const bodies = ['idx="1"', 'idx="2"'].map((place, index) => shape(place, textParagraph(`Text ${index}`)))
    const open =
      'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    const plain = shape('idx="2"', '<a:lstStyle><a:lvl1pPr><a:buNone/></a:lvl1pPr></a:lstStyle>')
    const markdown = await fromSlides(
      [{ shapes: bodies.join(''), relations: [['l', 'slideLayout', '../slideLayouts/l.xml']] }],
      [
        { name: 'ppt/slideLayouts/l.xml', content: `<p:sldLayout ${open}>${plain}</p:sldLayout>` },
        relations('ppt/slideLayouts/l.xml', [['m', 'slideMaster', '../slideMasters/m.xml']]),
        {
          name: 'ppt/slideMasters/m.xml',
          content: `<p:sldMaster ${open}><p:txStyles><p:bodyStyle><a:lvl1pPr><a:buChar char="•"/></a:lvl1pPr></p:bodyStyle></p:txStyles></p:sldMaster>`,
        },
      ],
    )
    expect(markdown).toBe('## Slide 1\n\n- Text 0\n\nText 1\n')
  })

  it('keeps emphasis, links and line breaks, and joins runs of one format', async () => {
    const run = (text: string, properties: string, inner = '') =>
      `<a:r><a:rPr ${properties}>${inner}</a:rPr><a:t>${text}</a:t></a:r>`
    const paragraph = `<a:p>${run('bo', 'b="1"')}${run('ld ', 'b="1"')}${run('slanted', 'i="1"')}<a:br/>${run('site', '', '<a:hlinkClick r:id="web"/>')}</a:p>`
    const markdown = await fromSlides([
      { shapes: shape(undefined, paragraph), relations: [['web', 'hyperlink', 'https://example.org/a?b=1']] },
    ])
    expect(markdown).toBe('## Slide 1\n\n**bold** *slanted*  \n[site](https://example.org/a?b=1)\n')
  })

  it('writes raised and lowered numbers with the letters of Unicode', async () => {
    const run = (text: string, baseline: number) =>
      `<a:r><a:rPr baseline="${baseline}"/><a:t>${text}</a:t></a:r>`
    const paragraph = `<a:p>${run('m', 0)}${run('3', 30_000)}${run(' CO', 0)}${run('2', -25_000)}</a:p>`
    expect(await fromSlides([{ shapes: shape(undefined, paragraph) }])).toBe('## Slide 1\n\nm³ CO₂\n')
  })

  it('leaves out date, footer and number, and keeps what the speaker noted', async () => {
    const shapes = ['type="dt"', 'type="ftr"', 'type="sldNum"'].map((kind) =>
      shape(kind, textParagraph('noise')),
    )
    const open =
      'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    const notes = shape('type="body" idx="1"', textParagraph('Breathe.')) + shapes[2]
    const markdown = await fromSlides(
      [{ shapes: shapes.join(''), relations: [['n', 'notesSlide', '../notesSlides/n.xml']] }],
      [
        {
          name: 'ppt/notesSlides/n.xml',
          content: `<p:notes ${open}><p:cSld><p:spTree>${notes}</p:spTree></p:cSld></p:notes>`,
        },
      ],
    )
    expect(markdown).toBe('## Slide 1\n\n### Notes\n\nBreathe.\n')
  })

  it('reads groups in their order, and the texts of a diagram', async () => {
    const group = (shapes: string) => `<p:grpSp>${shapes}</p:grpSp>`
    const inner = shape(undefined, textParagraph('two'))
    const frame =
      '<p:graphicFrame><a:graphic><a:graphicData><dgm:relIds r:dm="d"/></a:graphicData></a:graphic></p:graphicFrame>'
    const point = (text: string) => `<dgm:pt><dgm:t>${textParagraph(text)}</dgm:t></dgm:pt>`
    const diagram = `<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:ptLst><dgm:pt type="doc"/>${point('Plan')}${point('Build')}</dgm:ptLst></dgm:dataModel>`
    const shapes = group(shape(undefined, textParagraph('one')) + group(inner)) + frame
    const slide = { shapes, relations: [['d', 'diagramData', '../diagrams/data1.xml']] as Relation[] }
    const markdown = await fromSlides([slide], [{ name: 'ppt/diagrams/data1.xml', content: diagram }])
    expect(markdown).toBe('## Slide 1\n\none\n\ntwo\n\n- Plan\n- Build\n')
  })

  it('keeps the data of the newer kinds of charts', async () => {
    const frame =
      '<p:graphicFrame><a:graphic><a:graphicData><cx:chart r:id="c"/></a:graphicData></a:graphic></p:graphicFrame>'
    const points = (texts: string[]) =>
      `<cx:lvl>${texts.map((text, index) => `<cx:pt idx="${index}">${text}</cx:pt>`).join('')}</cx:lvl>`
    const data = `<cx:data id="0"><cx:strDim type="cat">${points(['Start', 'Rain'])}</cx:strDim><cx:numDim type="val">${points(['3', '4'])}</cx:numDim></cx:data>`
    const title = '<cx:title><cx:tx><cx:txData><cx:v>Water</cx:v></cx:txData></cx:tx></cx:title>'
    const series =
      '<cx:series><cx:tx><cx:txData><cx:v>mm</cx:v></cx:txData></cx:tx><cx:dataId val="0"/></cx:series>'
    const chart = `<cx:chartSpace xmlns:cx="cx"><cx:chartData>${data}</cx:chartData><cx:chart>${title}<cx:plotArea><cx:plotAreaRegion>${series}</cx:plotAreaRegion></cx:plotArea></cx:chart></cx:chartSpace>`
    const slide = { shapes: frame, relations: [['c', 'chartEx', '../charts/chartEx1.xml']] as Relation[] }
    const markdown = await fromSlides([slide], [{ name: 'ppt/charts/chartEx1.xml', content: chart }])
    expect(markdown).toBe('## Slide 1\n\n### Water\n\n| | mm |\n| --- | --- |\n| Start | 3 |\n| Rain | 4 |\n')
  })

  it('escapes text that would be a heading, a list or a tag', async () => {
    const body = ['# one', '2. two', '- three', 'a &lt;b&gt;'].map((text) => textParagraph(text)).join('')
    expect(await fromSlides([{ shapes: shape(undefined, body) }])).toBe(
      '## Slide 1\n\n\\# one\n\n2\\. two\n\n\\- three\n\na \\<b>\n',
    )
  })

  it('reports every slide and stops between them when it is aborted', async () => {
    const path = await documentFile('two.pptx', presentationFile([{ shapes: '' }, { shapes: '' }]))
    const controller = new AbortController()
    const seen: unknown[] = []
    const progress = ({ current, total }: { current?: number; total?: number }) => {
      seen.push([current, total])
      controller.abort(new Error('enough'))
    }
    await expect(convert({ path }, { signal: controller.signal, progress })).rejects.toThrow('enough')
    expect(seen).toEqual([[1, 2]])
  })
})
