import { odfFile } from '../../convert/odf-file.js'
import { presentationFile, workbookFile } from '../../convert/office-file.js'
import { wordFile } from '../../convert/zip-file.js'
import type { Made, Many } from './bomb.js'

/** Numbers that declare more than anybody has. */
export function declaredBombs(many: Many): Made {
  return { ...repeats(many), ...sheets(many), ...spans(many), ...levels(many) }
}

/** A row of an OpenDocument table, and its only cell, that stand for many. */
function odfRow(rows: number, columns: number, text = 'x'): string {
  return `<table:table-row table:number-rows-repeated="${rows}"><table:table-cell table:number-columns-repeated="${columns}"><text:p>${text}</text:p></table:table-cell></table:table-row>`
}

const odsTable = (rows: string) => `<table:table table:name="S">${rows}</table:table>`
const times = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join('')

function repeats(many: Many): Made {
  const row = odfRow(1_048_576, 1_048_576)
  const long = 'x'.repeat(many(100_000))
  return {
    'repeats.ods': () => odfFile('spreadsheet', odsTable(row)),
    'repeats.odt': () => odfFile('text', `<table:table>${row}</table:table>`),
    'repeats.odp': () =>
      odfFile(
        'presentation',
        `<draw:page><draw:frame><table:table>${row}</table:table></draw:frame></draw:page>`,
      ),
    'repeats at 2e9.ods': () => odfFile('spreadsheet', odsTable(odfRow(2e9, 2e9))),
    'repeats, of long texts.ods': () => odfFile('spreadsheet', odsTable(odfRow(100_000, 1, long))),
    'repeats, of long texts.odt': () =>
      odfFile('text', `<table:table>${odfRow(1, 100_000, long)}</table:table>`),
    'repeats, below the limit.ods': () =>
      odfFile('spreadsheet', odsTable(odfRow(many(1_000_000), 4)).repeat(3)),
    'spaces.odt': () => odfFile('text', '<text:p>a<text:s text:c="2000000000"/>b</text:p>'),
    'spaces, many.odt': () =>
      odfFile('text', `<text:p>${'a<text:s text:c="100000"/>'.repeat(many(20_000))}</text:p>`),
  }
}

function sheets(many: Many): Made {
  const sheet = (rows: string, after = '') => workbookFile([{ name: 'S', rows, after }])
  const shared = times(many(100_000), (n) => `<row r="${n + 1}"><c r="A${n + 1}" t="s"><v>0</v></c></row>`)
  const texts = `<si><t>${'x'.repeat(many(100_000))}</t></si>`
  return {
    'far cells.xlsx': () => sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    'farther cells.xlsx': () => sheet('<row r="99999999999"><c r="ZZZZZZZZ99999999999"><v>1</v></c></row>'),
    'many far cells.xlsx': () =>
      sheet(times(many(20_000), (n) => `<row r="${n + 1}"><c r="XFD${n + 1}"><v>1</v></c></row>`)),
    'merged.xlsx': () =>
      sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
      ),
    'long strings.xlsx': () => workbookFile([{ name: 'S', rows: shared }], { texts }),
  }
}

function spans(many: Many): Made {
  const slideTable = (cell: string) =>
    presentationFile([
      {
        shapes: `<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblGrid/><a:tr>${cell}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>`,
      },
    ])
  return {
    'spans.ods': () =>
      odfFile(
        'spreadsheet',
        `<table:table table:name="S"><table:table-row><table:table-cell table:number-columns-spanned="2000000000" table:number-rows-spanned="2000000000"><text:p>x</text:p></table:table-cell></table:table-row></table:table>`,
      ),
    'spans.docx': () =>
      wordFile(
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
      ),
    'spans.pptx': () =>
      slideTable('<a:tc gridSpan="2000000000" rowSpan="2000000000"><a:txBody><a:p/></a:txBody></a:tc>'),
    'spans.html': () =>
      '<html><body><table><tr><td colspan="2000000000" rowspan="2000000000">x</td></tr></table></body></html>',
    'spans, many.html': () =>
      `<html><body><table><tr>${'<td colspan="1000" rowspan="65534">x</td>'.repeat(many(1_000))}</tr></table></body></html>`,
    'cells.rtf': () =>
      String.raw`{\rtf1\trowd${'\\cellx1'.repeat(many(200_000))}${'a\\cell '.repeat(many(200_000))}\row}`,
  }
}

function levels(many: Many): Made {
  return {
    'levels.odt': () => odfFile('text', '<text:h text:outline-level="2000000000">T</text:h>'),
    'levels.docx': () =>
      wordFile(
        '<w:p><w:pPr><w:outlineLvl w:val="2000000000"/><w:numPr><w:ilvl w:val="2000000000"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>T</w:t></w:r></w:p>',
      ),
    'numbers.html': () =>
      '<html><body><ol start="2000000000"><li value="-2000000000">x</li></ol><h1 style="font-size:1e99px">T</h1></body></html>',
    'numbers.rtf': () =>
      String.raw`{\rtf1\uc2000000000\pard\outlinelevel2000000000 a\u2000000000 ?\par\trowd\cellx2000000000\pard\intbl b\cell\row\pard\ls2000000000\ilvl2000000000 c\par\li2000000000 d\par{\bin2000000000 e}}`,
    'lists.docx': () =>
      wordFile(
        Array.from(
          { length: many(50_000) },
          (_, n) =>
            `<w:p><w:pPr><w:numPr><w:ilvl w:val="${n % 9}"/><w:numId w:val="${1 + (n % 2)}"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`,
        ).join(''),
      ),
    'attributes.docx': () =>
      wordFile(`<w:p ${Array.from({ length: many(100_000) }, (_, n) => `a${n}="1"`).join(' ')}/>`),
  }
}
