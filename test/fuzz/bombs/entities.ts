import { zipFile } from '../../convert/zip-file.js'
import type { Made } from './bomb.js'

const laughs = Array.from({ length: 12 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join('')
const entities = `<!DOCTYPE x [<!ENTITY a0 "ha">${laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>`
const laugh = '&a12;&file;'

export const entityBombs: Made = {
  'entities.docx': () =>
    zipFile([
      {
        name: 'word/document.xml',
        content: `${entities}<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>${laugh}</w:t></w:r></w:p></w:body></w:document>`,
      },
    ]),
  'entities.odt': () =>
    zipFile([
      { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text' },
      { name: 'content.xml', content: `${entities}<x><body><text><p>${laugh}</p></text></body></x>` },
    ]),
  'entities.epub': () =>
    zipFile([{ name: 'META-INF/container.xml', content: `${entities}<container>${laugh}</container>` }]),
  'entities.xml': () => `<?xml version="1.0"?>${entities}<x>${laugh}</x>`,
  'entities.rss': () =>
    `<?xml version="1.0"?>${entities}<rss version="2.0"><channel><title>${laugh}</title></channel></rss>`,
  'entities.html': () => `${entities}<html><body><p>${laugh}</p></body></html>`,
  'entities.xhtml': () =>
    `<?xml version="1.0"?>${entities}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>${laugh}</p></body></html>`,
  'aliases.yaml': () => yamlBomb,
  'aliases.md': () => `---\ntitle: x\n${yamlBomb}---\n\ntext\n`,
}

const yamlBomb = `a0: &a0 [x, x]\n${Array.from({ length: 25 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]\n`).join('')}`
