import { describe, expect, it } from 'vitest'
import { documentFile, markdownOf } from './documents.js'
import { presentationFile, type Relation, relations, shape, textParagraph } from './office-file.js'

/** The Markdown of the shapes of one slide, without the heading that a slide without a title has. */
async function fromShapes(
  shapes: string,
  own: Relation[] = [],
  parts: Parameters<typeof presentationFile>[1] = [],
): Promise<string> {
  const slides = [{ shapes, relations: own }]
  const markdown = await markdownOf(await documentFile('show.pptx', presentationFile(slides, parts)))
  return markdown.replace('## Slide 1\n\n', '')
}

const picture = (attributes: string) =>
  `<p:pic><p:nvPicPr><p:cNvPr id="2" name="p" ${attributes}/></p:nvPicPr></p:pic>`
const frame = (properties: string, data: string) =>
  `<p:graphicFrame>${properties}<a:graphic><a:graphicData>${data}</a:graphicData></a:graphic></p:graphicFrame>`

describe('the shapes of a PPTX', () => {
  it('keep the alternative text of pictures, their title where they have none, and nothing without both', async () => {
    const bare = '<p:pic><p:blipFill/></p:pic>'
    const shapes = picture('descr="A cloud" title="Sky"') + picture('title="Rain"') + picture('') + bare
    expect(await fromShapes(shapes)).toBe('![A cloud](image)\n\n![Rain](image)\n')
  })

  it('keep the alternative text of embedded objects, which are no charts', async () => {
    const properties =
      '<p:nvGraphicFramePr><p:cNvPr id="3" name="o" descr="A spreadsheet"/></p:nvGraphicFramePr>'
    const shapes = frame(properties, '<p:oleObj r:id="o"/>') + frame('', '<p:oleObj r:id="o"/>')
    expect(await fromShapes(shapes, [['o', 'oleObject', '../embeddings/o.bin']])).toBe(
      '![A spreadsheet](image)\n',
    )
  })

  it('keep formulas in their line, and nothing of shapes without text', async () => {
    const formula =
      '<a14:m xmlns:a14="a14" xmlns:m="m"><m:oMathPara><m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath></m:oMathPara></a14:m>'
    const line = '<p:sp><p:nvSpPr><p:cNvPr id="1" name="line"/><p:nvPr/></p:nvSpPr></p:sp><p:cxnSp/>'
    const body = `<a:p><a:r><a:t>so </a:t></a:r>${formula}</a:p>`
    expect(await fromShapes(line + shape(undefined, body))).toBe('so E=mc\n')
  })

  it('begin a numbered list where it says', async () => {
    const numbered = (start: string) => `<a:pPr><a:buAutoNum type="arabicPeriod" ${start}/></a:pPr>`
    const body =
      textParagraph('four', numbered('startAt="4"')) + textParagraph('five', numbered('startAt="4"'))
    expect(await fromShapes(shape(undefined, body))).toBe('4. four\n5. five\n')
  })

  it('take bullets from the layout by their kind where they have no number, also without a master', async () => {
    const open =
      'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    const levels = (bullet: string) => `<a:lstStyle><a:lvl1pPr>${bullet}</a:lvl1pPr></a:lstStyle>`
    const layout =
      shape('type="body"', levels('<a:buChar char="•"/>')) + shape('type="subTitle"', levels('<a:buNone/>'))
    const shapes = ['body', 'subTitle', 'body'].map((type) => shape(`type="${type}"`, textParagraph(type)))
    const markdown = await fromShapes(
      shapes.join(''),
      [['l', 'slideLayout', '../slideLayouts/l.xml']],
      [{ name: 'ppt/slideLayouts/l.xml', content: `<p:sldLayout ${open}>${layout}</p:sldLayout>` }],
    )
    expect(markdown).toBe('- body\n\nsubTitle\n\n- body\n')
  })

  it('are none on a slide that has no tree of them', async () => {
    const bare = { name: 'ppt/slides/slide0.xml', content: '<p:sld xmlns:p="p"><p:cSld/></p:sld>' }
    const slide = presentationFile([{ shapes: '' }], [bare])
    expect(await markdownOf(await documentFile('bare.pptx', slide))).toBe('## Slide 1\n')
  })
})

describe('the parts of an Office document', () => {
  it('are found by names that begin at the root', async () => {
    const parts = [
      relations('', [['main', 'officeDocument', '/ppt/presentation.xml']]),
      relations('ppt/presentation.xml', [['s0', 'slide', '/ppt/slides/slide0.xml']]),
    ]
    const slide = presentationFile([{ shapes: shape(undefined, textParagraph('found')) }], parts)
    expect(await markdownOf(await documentFile('root.pptx', slide))).toBe('## Slide 1\n\nfound\n')
  })

  it.each([
    ['the main part is missing', relations('', [['main', 'officeDocument', 'ppt/other.xml']])],
    ['the main part is missing', relations('', [])],
    ['the part of a sldId is missing', relations('ppt/presentation.xml', [])],
    [
      'the part of a sldId is missing',
      relations('ppt/presentation.xml', [['s0', 'slide', 'slides/gone.xml']]),
    ],
  ])('are told as damage where the document cannot do without: %s', async (why, part) => {
    const path = await documentFile('damaged.pptx', presentationFile([{ shapes: '' }], [part]))
    await expect(markdownOf(path)).rejects.toMatchObject({
      code: 'FILE_CORRUPT',
      message: `${path}: the PowerPoint presentation is damaged and cannot be read; get an intact copy`,
      cause: { message: why },
    })
  })
})
