export interface PdfPage {
  /** Text by its place and size. */
  texts: { at: [x: number, y: number]; size?: number; text: string }[]
  links?: { rect: [number, number, number, number]; url: string }[]
}

/** A PDF in Courier, whose letters are all 0.6 of the size wide, so that a test can say where things are. */
export function pdfFile(pages: PdfPage[], trailer = ''): Buffer {
  const objects: string[] = []
  const add = (object: string) => objects.push(object)
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add(
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, page) => `${4 + page * 2} 0 R`).join(' ')}] >>`,
  )
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>')
  pages.forEach((page, index) => {
    const stream = page.texts.map(drawText).join('\n')
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents ${5 + index * 2} 0 R /Annots [${(page.links ?? []).map(drawLink).join(' ')}] >>`,
    )
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`)
  })
  return assemble(objects, trailer)
}

/** One of so many pages, with a line on each. */
export function pdfOf(pages: number): Buffer {
  return pdfFile(
    Array.from({ length: pages }, (_, at) => ({ texts: [{ at: [50, 700], text: `page ${at + 1}` }] })),
  )
}

function drawText({ at: [x, y], size = 10, text }: PdfPage['texts'][number]): string {
  return `BT /F ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`
}

function drawLink({ rect, url }: NonNullable<PdfPage['links']>[number]): string {
  return `<< /Type /Annot /Subtype /Link /Rect [${rect.join(' ')}] /A << /S /URI /URI (${url}) >> >>`
}

function assemble(objects: string[], trailer: string): Buffer {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const count = objects.length + 1
  const xref = `xref\n0 ${count}\n0000000000 65535 f \n${offsets.join('')}`
  return Buffer.from(
    `${file}${xref}trailer\n<< /Size ${count} /Root 1 0 R ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  )
}
