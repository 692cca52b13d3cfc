import { type ZipFileEntry, zipFile } from './zip-file.js'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A relationship of a part: its id, the last word of its type, its target. */
export type Relation = [id: string, type: string, target: string]

/** A part's relationships, as the part that Office keeps them in. */
export function relations(part: string, list: Relation[]): ZipFileEntry {
  const at = part.lastIndexOf('/') + 1
  const lines = list.map(([id, type, target]) => {
    const mode = /^https?:/.test(target) ? ' TargetMode="External"' : ''
    return `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"${mode}/>`
  })
  const xml = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${lines.join('')}</Relationships>`
  return { name: `${part.slice(0, at)}_rels/${part.slice(at)}.rels`, content: xml }
}

const SLIDE = `xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="${OFFICE}"`

/** A presentation of slides, each given as the shapes in it and the relationships it has. */
export function presentationFile(
  slides: { shapes: string; hidden?: boolean; relations?: Relation[] }[],
  parts: ZipFileEntry[] = [],
): Buffer {
  const list = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="s${index}"/>`)
  const main = `<p:presentation ${SLIDE}><p:sldIdLst>${list.join('')}</p:sldIdLst></p:presentation>`
  return zipFile([
    relations('', [['main', 'officeDocument', 'ppt/presentation.xml']]),
    { name: 'ppt/presentation.xml', content: main },
    relations(
      'ppt/presentation.xml',
      slides.map((_, index): Relation => [`s${index}`, 'slide', `slides/slide${index}.xml`]),
    ),
    ...slides.flatMap(({ shapes, hidden, relations: own = [] }, index) => [
      {
        name: `ppt/slides/slide${index}.xml`,
        content: `<p:sld ${SLIDE}${hidden ? ' show="0"' : ''}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
      },
      relations(`ppt/slides/slide${index}.xml`, own),
    ]),
    ...parts,
  ])
}

/** A shape of a slide with its paragraphs; `placeholder` is what it stands for, such as `type="title"`. */
export function shape(placeholder: string | undefined, paragraphs: string): string {
  const properties = placeholder === undefined ? '' : `<p:ph ${placeholder}/>`
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="s"/><p:nvPr>${properties}</p:nvPr></p:nvSpPr><p:txBody><a:bodyPr/>${paragraphs}</p:txBody></p:sp>`
}

export function textParagraph(text: string, properties = ''): string {
  return `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`
}

const SHEET = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"`

export interface SheetPart {
  name: string
  /** The rows, or all that stands beside them. */
  rows: string
  after?: string
  state?: string
  relations?: Relation[]
}

/** A workbook of sheets; `styles` and `texts` are what stands in the parts of those names. */
export function workbookFile(
  sheets: SheetPart[],
  { styles = '', texts = '', properties = '' } = {},
  parts: ZipFileEntry[] = [],
): Buffer {
  const list = sheets.map(
    ({ name, state = 'visible' }, index) => `<sheet name="${name}" state="${state}" r:id="s${index}"/>`,
  )
  return zipFile([
    relations('', [['main', 'officeDocument', 'xl/workbook.xml']]),
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${SHEET}>${properties}<sheets>${list.join('')}</sheets></workbook>`,
    },
    relations('xl/workbook.xml', [
      ...sheets.map((_, index): Relation => [`s${index}`, 'worksheet', `worksheets/sheet${index}.xml`]),
      ['styles', 'styles', 'styles.xml'],
      ['texts', 'sharedStrings', 'sharedStrings.xml'],
    ]),
    { name: 'xl/styles.xml', content: `<styleSheet ${SHEET}>${styles}</styleSheet>` },
    { name: 'xl/sharedStrings.xml', content: `<sst ${SHEET}>${texts}</sst>` },
    ...sheets.flatMap(({ rows, after = '', relations: own = [] }, index) => [
      {
        name: `xl/worksheets/sheet${index}.xml`,
        content: `<worksheet ${SHEET}><sheetData>${rows}</sheetData>${after}</worksheet>`,
      },
      relations(`xl/worksheets/sheet${index}.xml`, own),
    ]),
    ...parts,
  ])
}
