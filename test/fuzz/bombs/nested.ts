import { odfFile } from '../../convert/odf-file.js'
import { wordFile } from '../../convert/zip-file.js'
import type { Made, Many } from './bomb.js'

export function nestedBombs(many: Many): Made {
  const html = (open: string) => `<html><body>${open.repeat(many(100_000))}x</body></html>`
  const deep = many(100_000)
  return {
    'deep.docx': () => wordFile('<w:p>'.repeat(deep)),
    'deep, as deep as is read.docx': () =>
      wordFile(
        `${'<w:sdt><w:sdtContent>'.repeat(125)}<w:p><w:r><w:t>x</w:t></w:r></w:p>${'</w:sdtContent></w:sdt>'.repeat(125)}`,
      ),
    'deep.odt': () => odfFile('text', '<text:section>'.repeat(deep)),
    'deep lists.odt': () => odfFile('text', '<text:list><text:list-item>'.repeat(deep)),
    'deep, as deep as is read.odt': () =>
      odfFile(
        'text',
        `${'<text:list><text:list-item>'.repeat(120)}<text:p>x</text:p>${'</text:list-item></text:list>'.repeat(120)}`,
      ),
    'deep.xml': () => '<a>'.repeat(deep),
    'deep.rss': () => `<rss><channel>${'<a>'.repeat(deep)}`,
    'paragraphs left open.html': () => html('<p>a'),
    'cells left open.html': () => html('<table><tr><td>a<td>b').replaceAll('b<table>', 'b'),
    'items left open.html': () => html('<li><p>a'),
    'deep spans.html': () => html('<span>'),
    'deep divs.html': () => html('<div>'),
    'deep lists.html': () => html('<ul><li>'),
    'deep quotes.html': () => html('<blockquote>'),
    'deep tables.html': () => html('<table><tr><td>'),
    'deep emphasis.html': () => html('<b><i>'),
    'deep links.html': () => html('<a href="x">'),
    'deep, 500 lists.html': () => `<html><body>${'<ul><li>x'.repeat(500)}</body></html>`,
    'deep, 100 tables.html': () => `<html><body>${'<table><tr><td>x'.repeat(100)}</body></html>`,
    'deep.json': () => '['.repeat(deep) + ']'.repeat(deep),
    'deep, a million.json': () => '{"a":'.repeat(many(1_000_000)),
    'deep.ipynb': () =>
      `{"nbformat":4,"metadata":{},"cells":[{"cell_type":"code","source":${'['.repeat(deep)}${']'.repeat(deep)},"outputs":[]}]}`,
    'deep.yaml': () => `a: ${'['.repeat(deep)}`,
    'deep.md': () => `---\na: ${'['.repeat(deep)}${']'.repeat(deep)}\n---\n${'> '.repeat(deep)}x`,
    'deep, 5,000 lists.md': () => `---\na: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n---\nx`,
    'deep lists.md': () => `---\n${'- '.repeat(5_000)}\n---\nx`,
    'deep.rtf': () => `{\\rtf1 ${'{\\b '.repeat(many(1_000_000))}x`,
    'deep.eml': () => deepMail(many(5_000)),
    'messages in messages.eml': () =>
      `From: a@example.org\nSubject: 0\n${'Content-Type: message/rfc822\n\nFrom: a@example.org\nSubject: x\n'.repeat(many(5_000))}\nx`,
  }
}

function deepMail(levels: number): string {
  const opened = Array.from(
    { length: levels },
    (_, n) => `Content-Type: multipart/mixed; boundary=B${n}\n\n--B${n}\n`,
  )
  return `From: a@example.org\nSubject: s\nMIME-Version: 1.0\n${opened.join('')}Content-Type: text/plain\n\nx`
}
