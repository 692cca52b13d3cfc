import { type ZipFileEntry, zipFile } from './zip-file.js'

const NAMES = Object.entries({
  office: 'office:1.0',
  style: 'style:1.0',
  text: 'text:1.0',
  table: 'table:1.0',
  draw: 'drawing:1.0',
  fo: 'xsl-fo-compatible:1.0',
  meta: 'meta:1.0',
  presentation: 'presentation:1.0',
  chart: 'chart:1.0',
  svg: 'svg-compatible:1.0',
}).map(([prefix, name]) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${name}"`)

export const odfNames = `${NAMES.join(' ')} xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"`

export interface OdfParts {
  /** The styles of the content, which an editor makes for single paragraphs. */
  automatic?: string
  /** The styles that have names. */
  named?: string
  meta?: string
  parts?: ZipFileEntry[]
}

/** An OpenDocument file of a kind (`text`, `spreadsheet`, `presentation`) with this in its body. */
export function odfFile(
  kind: string,
  body: string,
  { automatic = '', named = '', meta = '', parts = [] }: OdfParts = {},
): Buffer {
  const content = `<office:document-content ${odfNames}><office:automatic-styles>${automatic}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`
  return zipFile([
    { name: 'mimetype', content: `application/vnd.oasis.opendocument.${kind}` },
    { name: 'content.xml', content },
    {
      name: 'styles.xml',
      content: `<office:document-styles ${odfNames}><office:styles>${named}</office:styles></office:document-styles>`,
    },
    {
      name: 'meta.xml',
      content: `<office:document-meta ${odfNames}><office:meta>${meta}</office:meta></office:document-meta>`,
    },
    ...parts,
  ])
}

/** A chart with its title and the rows of its data, as the part of an object. */
export function chartPart(object: string, title: string, rows: string[][]): ZipFileEntry {
  const cells = (row: string[]) =>
    row.map((text) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`).join('')
  const data = rows.map((row) => `<table:table-row>${cells(row)}</table:table-row>`).join('')
  return {
    name: `${object}/content.xml`,
    content: `<office:document-content ${odfNames}><office:body><office:chart><chart:chart><chart:title><text:p>${title}</text:p></chart:title><table:table table:name="local-table"><table:table-rows>${data}</table:table-rows></table:table></chart:chart></office:chart></office:body></office:document-content>`,
  }
}
