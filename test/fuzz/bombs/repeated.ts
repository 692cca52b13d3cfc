import { presentationFile, workbookFile } from '../../convert/office-file.js'
import { wordFile } from '../../convert/zip-file.js'
import type { Bomb, Made, Many } from './bomb.js'

const runs: Record<string, string> = {
  spaces: ' ',
  tabs: '\t ',
  lines: '\n \n',
  brackets: '[',
  images: '![',
  'open images': '![a](',
  parentheses: '![](((',
  backticks: '` ',
  'more backticks': '``',
  tags: '<',
  comments: '<!--',
  'open tags': '<a ',
  'open sources': '<img src="data:',
  'open texts': '<img alt="',
  entities: '&lt;',
  pipes: '| ',
  hashes: '# ',
  dashes: '- ',
  fences: '```\n',
  digits: '1',
  definitions: '[a]: ',
  joiners: '\u200d',
  selectors: 'a\ufe0f',
  escapes: '\x1b[',
  flags: '\u{1f3f4}\u{e0067}',
}

/** What is harmless in small numbers, in large ones: for patterns that look again and again. */
export function repeatedBombs(many: Many): Made {
  const count = many(200_000)
  const each = Object.entries(runs).flatMap(([name, run]): [string, Bomb['make']][] => [
    [`${name}.md`, () => `x\n${run.repeat(count)}`],
    [`${name}.html`, () => `<html><body><p>x${run.repeat(count)}</p></body></html>`],
  ])
  return { ...Object.fromEntries(each), ...texts(many), ...documents(many) }
}

function texts(many: Many): Made {
  return {
    'one row.csv': () => `${'a,'.repeat(many(1_000_000))}\nb`,
    'wide and long.csv': () => `${'a,'.repeat(many(20_000))}\n${'b\n'.repeat(many(100_000))}`,
    'an open quote.csv': () => `a,b\n"${'c,d\n'.repeat(many(1_000_000))}`,
    'quotes.csv': () => `a,b\n${'"'.repeat(many(1_000_001))}`,
    'quotes.json': () => `"${'\\"'.repeat(many(1_000_000))}"`,
    'spaces.json': () => `[${' '.repeat(many(3_000_000))}1]`,
    'commas.json': () => `[${'1,'.repeat(many(1_000_000))}1]`,
    'long lines.txt': () => 'rain '.repeat(many(4_000_000)),
    'headers.eml': () => `From: a@example.org\n${'X: y\n'.repeat(many(200_000))}\nx`,
    'folded.eml': () => `From: a@example.org\nSubject: ${'=?utf-8?Q?=C3=A4?=\n '.repeat(many(100_000))}\n\nx`,
    'addresses.eml': () => `From: ${'"a" <a@example.org>, ('.repeat(many(50_000))}\nSubject: x\n\nx`,
    'boundaries.eml': () =>
      `From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n${'--B\n\nx\n'.repeat(many(30_000))}--B--`,
  }
}

function documents(many: Many): Made {
  return {
    'items.rss': () =>
      `<rss><channel><title>T</title>${'<item><title>a</title></item>'.repeat(many(50_000))}</channel></rss>`,
    'words.rtf': () => `{\\rtf1 ${"\\'e4\\u228?".repeat(many(200_000))}}`,
    'cells.ipynb': () =>
      JSON.stringify({
        nbformat: 4,
        metadata: {},
        cells: Array.from({ length: many(20_000) }, () => ({
          cell_type: 'code',
          source: 'x',
          outputs: [{ output_type: 'display_data', data: { 'text/html': '<table><tr><td>1</table>' } }],
        })),
      }),
    'runs.docx': () => wordFile(`<w:p>${'<w:r><w:t>a</w:t></w:r>'.repeat(many(200_000))}</w:p>`),
    'paragraphs.docx': () => wordFile('<w:p><w:r><w:t>a</w:t></w:r></w:p>'.repeat(many(180_000))),
    'fields.docx': () =>
      wordFile(`<w:p>${'<w:r><w:fldChar w:fldCharType="begin"/></w:r>'.repeat(many(100_000))}</w:p>`),
    'slides.pptx': () => presentationFile(Array.from({ length: many(9_000) }, () => ({ shapes: '' }))),
    'sheets.xlsx': () =>
      workbookFile(Array.from({ length: many(9_000) }, (_, n) => ({ name: `S${n}`, rows: '' }))),
  }
}
