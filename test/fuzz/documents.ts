import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { outlookFile } from '../convert/message-file.js'
import { chartPart, odfFile } from '../convert/odf-file.js'
import { presentationFile, relations, shape, textParagraph, workbookFile } from '../convert/office-file.js'
import { pdfFile } from '../convert/pdf-file.js'
import { wordFile, zipFile } from '../convert/zip-file.js'
import { samples } from '../support/cli.js'
import type { Intact } from './damage.js'

/** Every sample, and a made document of each format that has none or uses more of the format than the sample does. */
export async function intactDocuments(): Promise<Intact[]> {
  const names = (await readdir(samples)).sort()
  const files = names.map(async (name) => ({ name, content: await readFile(join(samples, name)) }))
  const made = Object.entries(madeDocuments).map(([name, content]) => ({
    name,
    content: Buffer.from(content),
  }))
  return [...(await Promise.all(files)), ...made]
}

const mail = [
  'From: Ada <a@example.org>\nTo: b@example.org\nSubject: =?utf-8?B?UmFpbg==?=\nDate: Mon, 1 Jan 2024 10:00:00 +0000',
  'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n',
  '--B\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\nPGgxPnJhaW48L2gxPg==',
  '--B\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nRegen f=E4llt',
  '--B\nContent-Disposition: attachment; filename=a.csv\n\na,b\n1,2',
  '--B\nContent-Type: message/rfc822\n\nFrom: c@example.org\nSubject: inner\n\ninner text',
  '--B--\n',
].join('\n')

const items =
  '<item><title>A</title><link>https://a.example/</link><pubDate>Mon, 1 Jan 2024 10:00:00 GMT</pubDate><description>&lt;b&gt;x&lt;/b&gt;</description></item>'
const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>Rain</title>${items.repeat(5)}</channel></rss>`
const atom =
  '<feed xmlns="http://www.w3.org/2005/Atom"><title>Rain</title><entry><title>A</title><updated>2024-01-01T10:00:00Z</updated><content type="xhtml"><div><p>x</p></div></content></entry></feed>'

const list =
  '<text:list text:style-name="L"><text:list-item><text:p>item</text:p><text:list><text:list-item><text:p>in it</text:p></text:list-item></text:list></text:list-item></text:list>'
const note =
  '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>'
const cells =
  '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1"><text:p>a</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="3"><text:p>b</text:p></table:table-cell>'
const rows = `<table:table-row>${cells}</table:table-row><table:table-row table:number-rows-repeated="2">${cells}</table:table-row>`
const object =
  '<draw:frame svg:width="1cm"><draw:object xlink:href="./Object 1"/><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
const chart = chartPart('Object 1', 'Rainfall', [
  ['', 'mm'],
  ['May', '12'],
])
const textStyles =
  '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style><text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" text:start-value="3"/></text:list-style>'
const numberCell =
  '<table:table-cell office:value-type="float" office:value="12.5" table:number-columns-repeated="2"><text:p>12.50</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-01-01"><text:p>1.1.</text:p></table:table-cell>'

const word = [
  '<w:p><w:pPr><w:pStyle w:val="H1"/><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Rain</w:t></w:r></w:p>',
  '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr><w:b w:val="1"/></w:rPr><w:t>item</w:t></w:r></w:p>',
  '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>',
  '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "https://a.example"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>link</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
  '<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>',
].join('')
const numbering = {
  name: 'word/numbering.xml',
  content:
    '<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="1"><w:start w:val="2"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
}

const rtf = String.raw`{\rtf1\ansi\ansicpg1252\uc1\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset128 MS Mincho;}}{\stylesheet{\s0 Normal;}{\s1 heading 1;}}{\info{\title Rain}}\pard\s1 Rain\par\pard{\b bold} \u8364? \'e4\par{\*\listtable{\list{\listlevel\levelnfc0}\listid1}}{\*\listoverridetable{\listoverride\listid1\ls1}}\pard\ls1\ilvl0 item\par\trowd\cellx1000\cellx2000\pard\intbl a\cell b\cell\row\pard{\footnote note}\par{\pict\bin4 abcd}}`

const madeDocuments: Record<string, string | Uint8Array> = {
  'made.odt': odfFile(
    'text',
    `<text:h text:outline-level="2">T</text:h>${list}<text:p>a<text:s text:c="3"/>b<text:tab/><text:span text:style-name="B">c</text:span>${note}<text:a xlink:href="https://a.example/">d</text:a></text:p><table:table table:name="S">${rows}</table:table><text:p>${object}</text:p>`,
    { automatic: textStyles, meta: '<dc:title>T</dc:title>', parts: [chart] },
  ),
  'made.ods': odfFile(
    'spreadsheet',
    `<table:table table:name="S"><table:table-row table:number-rows-repeated="2">${numberCell}</table:table-row><table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000"/></table:table-row>${rows}<table:shapes>${object}</table:shapes></table:table>`,
    { parts: [chart] },
  ),
  'made.odp': odfFile(
    'presentation',
    `<draw:page draw:name="p"><draw:frame presentation:class="title"><draw:text-box><text:p>T</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box>${list}</draw:text-box></draw:frame><draw:frame><table:table>${rows}</table:table></draw:frame>${object}</draw:page>`.repeat(
      3,
    ),
    { automatic: textStyles, parts: [chart] },
  ),
  'made.docx': wordFile(word, [
    numbering,
    relations('word/document.xml', [['r2', 'numbering', 'numbering.xml']]),
  ]),
  'made.pptx': presentationFile([
    {
      shapes:
        shape('type="title"', textParagraph('Rain')) +
        shape('idx="1"', textParagraph('a', '<a:pPr lvl="2"/>')),
    },
    { shapes: shape(undefined, textParagraph('b')), hidden: true },
  ]),
  'made.xlsx': workbookFile(
    [
      {
        name: 'S',
        rows: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>45000.5</v></c></row><row r="3"><c r="B3" t="inlineStr"><is><t>x</t></is></c></row>',
        after: '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>',
      },
    ],
    {
      styles:
        '<numFmts><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
      texts: '<si><t>Rain</t></si>',
    },
  ),
  'made.pdf': pdfFile([
    {
      texts: Array.from({ length: 20 }, (_, n) => ({
        at: [50 + (n % 2) * 200, 700 - n * 20],
        size: n ? 10 : 24,
        text: `rain ${n}`,
      })),
      links: [{ rect: [50, 690, 200, 720], url: 'https://a.example/' }],
    },
  ]),
  'made.rtf': rtf,
  'made.html':
    '<html><head><title>T</title></head><body><h1>Rain</h1><ul><li>a<ol start="3"><li>b</ol></ul><table><tr><td colspan="2" rowspan="2">a<td>b<tr><td>c</table><pre><code>x</code></pre><img src="data:image/png;base64,AAAA" alt="p"><a href="https://a.example/">l</a></body></html>',
  'made.eml': mail,
  'made.msg': outlookFile({
    properties: [
      ['0037001F', 'Subject'],
      ['1000001F', 'rain '.repeat(1_000)],
      ['0C1A001F', 'Ada'],
    ],
    recipients: [[['3001001F', 'Bea']]],
    attachments: [
      [
        ['3707001F', 'a.csv'],
        ['37010102', Buffer.from('a,b\n1,2')],
      ],
    ],
  }),
  'made.zip': zipFile([
    { name: 'a.eml', content: mail, packed: true },
    { name: 'b/c.csv', content: 'a,b\n1,2', packed: true },
    { name: 'd.zip', content: zipFile([{ name: 'e.xml', content: rss, packed: true }]) },
  ]),
  'made.rss': rss,
  'made.atom': atom,
  'made.xml': '<?xml version="1.0"?><rain><day n="1">12 mm</day></rain>',
  'made.tsv': 'a\tb\n1\t"2\n3"\n'.repeat(20),
  'made.csv': 'sep=;\na;b\n"1 ""x""";2\n'.repeat(20),
  'made.jsonl': '{"a":1,"b":[1,2,{"c":null}]}\n'.repeat(20),
  'made.yaml': 'rain:\n  - day: 1\n    mm: 12\n  - &b {day: 2}\nmore: *b\n',
  'made.md':
    '---\ntitle: Rain\nauthor: [Ada, Bea]\n---\n\n# Rain\n\n- a\n  1. b\n\n| a | b |\n| - | - |\n| 1 | 2 |\n',
  'made.txt': 'Rain in May: 12 mm.\n'.repeat(20),
}
