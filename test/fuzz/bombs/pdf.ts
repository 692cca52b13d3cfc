import { deflateSync } from 'node:zlib'
import type { Made, Many } from './bomb.js'

export function pdfBombs(many: Many): Made {
  const deep = many(100_000)
  return {
    'pages.pdf': () =>
      pdfOf([
        '<< /Type /Catalog /Pages 2 0 R >>',
        '<< /Type /Pages /Count 2000000000 /Kids [2 0 R 2 0 R] >>',
      ]),
    'flate.pdf': () =>
      pdfOf([
        ...pdfHead,
        pdfStream(deflateSync(Buffer.alloc(many(1024) * MEGABYTE, ' ')), '/Filter /FlateDecode'),
      ]),
    'predictor.pdf': () =>
      pdfOf([
        ...pdfHead,
        pdfStream(
          deflateSync(Buffer.alloc(1000)),
          '/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2000000000 /Colors 32 >>',
        ),
      ]),
    'filters.pdf': () =>
      pdfOf([
        ...pdfHead,
        pdfStream(
          Buffer.alloc(1000, 'z'),
          `/Filter [${'/ASCII85Decode /LZWDecode /RunLengthDecode '.repeat(many(1000))}]`,
        ),
      ]),
    'texts.pdf': () =>
      pdfOf([
        ...pdfHead,
        pdfStream(Buffer.from(`BT /F 10 Tf ${'1 0 Td (a) Tj '.repeat(many(500_000))} ET`), ''),
      ]),
    'sizes.pdf': () =>
      pdfOf([
        ...pdfHead,
        pdfStream(Buffer.from('BT /F 1e30 Tf 1e30 -1e30 Td (a) Tj /F 1e-30 Tf (b) Tj /F 0 Tf (c) Tj ET'), ''),
      ]),
    'deep.pdf': () =>
      pdfOf([
        ...pdfHead.slice(0, 3),
        `<< /Type /Page /Parent 2 0 R /A ${'['.repeat(deep)}${']'.repeat(deep)} >>`,
      ]),
  }
}

const MEGABYTE = 2 ** 20

const pdfHead = [
  '<< /Type /Catalog /Pages 2 0 R >>',
  '<< /Type /Pages /Count 1 /Kids [4 0 R] >>',
  '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>',
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> >> /Contents 5 0 R >>',
]

function pdfStream(bytes: Buffer, dictionary: string): Buffer {
  const head = `<< /Length ${bytes.length} ${dictionary} >>\nstream\n`
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from('\nendstream')])
}

/** Without a table of its objects, which readers then look for themselves. */
function pdfOf(objects: (string | Buffer)[]): Buffer {
  const written = objects.flatMap((object, index) => [
    Buffer.from(`${index + 1} 0 obj\n`),
    Buffer.from(object),
    Buffer.from('\nendobj\n'),
  ])
  return Buffer.concat([
    Buffer.from('%PDF-1.4\n'),
    ...written,
    Buffer.from('trailer\n<< /Size 9 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n'),
  ])
}
