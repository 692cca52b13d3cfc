import { documentFile, markdownOf } from './documents.js'
import { type Relation, relations } from './office-file.js'
import { wordFile, type ZipFileEntry } from './zip-file.js'

const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

/** A run of text. */
export function text(content: string): string {
  return `<w:r><w:t xml:space="preserve">${content}</w:t></w:r>`
}

export function paragraph(content: string, properties = ''): string {
  return `<w:p><w:pPr>${properties}</w:pPr>${content}</w:p>`
}

export function styledParagraph(styleId: string, content: string): string {
  return paragraph(text(content), `<w:pStyle w:val="${styleId}"/>`)
}

export function cell(content: string, properties = ''): string {
  return `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`
}

/** A part beside the document, such as its styles, which the document refers to by that name. */
export function part(name: string, content: string): ZipFileEntry {
  return { name: `word/${name}.xml`, content: `<w:${name} ${WORD}>${content}</w:${name}>` }
}

export function style(id: string, name: string, properties: string): string {
  return `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${properties}</w:style>`
}

/** The Markdown of a Word document with this body, these parts, and what else it refers to. */
export async function fromBody(
  body: string,
  parts: ZipFileEntry[] = [],
  own: Relation[] = [],
): Promise<string> {
  const named = parts.flatMap(({ name }): Relation[] => {
    const type = name.replace(/^word\/|\.xml$/g, '')
    return type.includes('/') ? [] : [[type, type, `${type}.xml`]]
  })
  const rels = relations('word/document.xml', [...named, ...own])
  return markdownOf(await documentFile('body.docx', wordFile(body, [...parts, rels])))
}

export async function fromStyled(styles: string, body: string): Promise<string> {
  return fromBody(body, [part('styles', styles)])
}
