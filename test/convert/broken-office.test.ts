import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConvertError, type ConvertResult, convert } from '../../src/convert/index.js'
import { documentFile, sample } from './documents.js'
import { odfFile } from './odf-file.js'
import { randomNumbers } from './random-numbers.js'
import { wordFile } from './zip-file.js'

const samples = ['test.docx', 'test.pptx', 'test.xlsx', 'test.pdf', 'movie-theater-booking-2024.pdf'] as const
const VARIANTS = 20

/** The outcomes that are neither Markdown nor an error which says what to do. */
async function unclear(name: string, variants: Buffer[]): Promise<unknown[]> {
  const found: unknown[] = []
  for (const [index, variant] of variants.entries()) {
    const path = await documentFile(`broken${extname(name)}`, variant)
    const outcome: unknown = await convert({ path }).catch((error: unknown) => error)
    if (!isMarkdown(outcome) && !(outcome instanceof ConvertError)) found.push([index, outcome])
  }
  return found
}

function isMarkdown(outcome: unknown): boolean {
  return typeof (outcome as ConvertResult).markdown === 'string'
}

function flipped(whole: Buffer, seed: number): Buffer {
  const random = randomNumbers(seed)
  const copy = Buffer.from(whole)
  for (let flips = 1 + Math.floor(random() * 50); flips > 0; flips--) {
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
  }
  return copy
}

describe.each(samples)('%s, damaged,', (name) => {
  it('is refused or read when it is cut off anywhere', async () => {
    const whole = await readFile(sample(name))
    const cuts = Array.from({ length: VARIANTS }, (_, index) => (index + 0.5) / VARIANTS)
    const variants = cuts.map((part) => whole.subarray(0, Math.floor(whole.length * part)))
    expect(await unclear(name, variants)).toEqual([])
  })

  it('is refused or read when bytes in it have changed', async () => {
    const whole = await readFile(sample(name))
    const variants = Array.from({ length: VARIANTS }, (_, index) => flipped(whole, index + 1))
    expect(await unclear(name, variants)).toEqual([])
  })
})

describe('an OpenDocument file, damaged,', () => {
  const item = '<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>'
  const cell = '<table:table-cell table:number-columns-repeated="2"><text:p>1</text:p></table:table-cell>'
  const bodies = {
    text: `<text:h text:outline-level="1">T</text:h>${item}<text:p><text:a xlink:href="https://a.example/">a</text:a></text:p>`,
    spreadsheet: `<table:table table:name="S"><table:table-row>${cell}</table:table-row></table:table>`,
    presentation: `<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>T</text:p></draw:text-box></draw:frame></draw:page>`,
  }

  it.each(Object.entries(bodies))(
    'is refused or read when bytes of its %s have changed',
    async (kind, body) => {
      const random = randomNumbers(7)
      const variants = Array.from({ length: 100 }, () => {
        const at = Math.floor(random() * body.length)
        const length = Math.floor(random() * 20)
        // Changed before it is packed, so that nothing but the XML is wrong.
        return odfFile(
          kind,
          body.slice(0, at) + '<>/="&x'[Math.floor(random() * 7)] + body.slice(at + length),
        )
      })
      expect(await unclear(`a.${kind}`, variants)).toEqual([])
    },
  )
})

describe('a document made to take all memory', () => {
  it.each([
    ['deep nesting', '<text:section>'.repeat(50_000)],
    ['a list in a list without end', '<text:list><text:list-item>'.repeat(50_000)],
    ['entities that expand', '<text:p>&a;&a;</text:p>'],
  ])('is refused for %s', async (_, body) => {
    const path = await documentFile('bomb.odt', odfFile('text', body))
    await expect(convert({ path })).rejects.toMatchObject({ name: 'ConvertError' })
  })

  it('is refused for cells that are repeated or merged without end', async () => {
    const cell =
      '<table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell>'
    const table = `<table:table><table:table-row>${cell}</table:table-row></table:table>`
    const merged = '<w:tc><w:tcPr><w:gridSpan w:val="63"/></w:tcPr></w:tc>'
    const files = [
      await documentFile('bomb.odt', odfFile('text', table)),
      await documentFile('bomb.docx', wordFile(`<w:tbl><w:tr>${merged.repeat(4000)}</w:tr></w:tbl>`)),
    ]
    for (const path of files) await expect(convert({ path })).rejects.toThrow(/too many cells/)
  })

  it('is refused for more parts than memory holds', async () => {
    const body = '<text:p/>'.repeat(800_000)
    const path = await documentFile('long.odt', odfFile('text', body))
    await expect(convert({ path })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  })
})
