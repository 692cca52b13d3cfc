import { describe, expect, it } from 'vitest'
import { fromBody } from './word-file.js'

const letters = (content: string) => `<m:r><m:t>${content}</m:t></m:r>`
const box = (name: string, ...inner: string[]) => `<m:${name}>${inner.join('')}</m:${name}>`
const base = (content: string) => box('e', letters(content))
const from = (formula: string) => fromBody(`<w:p><m:oMathPara>${box('oMath', formula)}</m:oMathPara></w:p>`)

describe('formulas of a DOCX', () => {
  it('are written in one line', async () => {
    const fraction = box('f', box('num', letters('a+b')), box('den', letters('2')))
    const root = box('rad', base('x'))
    const low = box('sSub', base('y'), box('sub', letters('1')))
    const both = box('sSubSup', base('z'), box('sub', letters('i')), box('sup', letters('n')))
    const sum = box(
      'nary',
      '<m:naryPr><m:chr m:val="∑"/></m:naryPr>',
      box('sub', letters('i=1')),
      box('sup', letters('n')),
      box('e', box('d', base('i'))),
    )
    expect(await from([fraction, root, low, both, sum].join(letters(' , ')))).toBe(
      '(a+b)/2 , √x , y_1 , z_i^n , ∑_(i=1)^n (i)\n',
    )
  })

  it('have the sign of an integral where they name no other, and its bounds where there are some', async () => {
    const bounds = [box('sub', letters('0')), box('sup', letters('1'))]
    expect(await from(box('nary', ...bounds, base('x')))).toBe('∫_0^1 x\n')
    const none = '<m:naryPr><m:subHide m:val="1"/><m:supHide m:val="1"/></m:naryPr><m:sub/><m:sup/>'
    expect(await from(box('nary', none, base('x')))).toBe('∫ x\n')
  })

  it('keep the brackets that they name, and all that stands between them', async () => {
    const brackets = (begin: string, end: string) =>
      `<m:dPr><m:begChr m:val="${begin}"/><m:endChr m:val="${end}"/></m:dPr>`
    expect(await from(box('d', brackets('|', '|'), base('x')))).toBe('|x|\n')
    expect(await from(box('d', brackets('{', ''), base('x')))).toBe('{x\n')
    expect(await from(box('d', base('a'), base('b')))).toBe('(a|b)\n')
    const comma = '<m:dPr><m:sepChr m:val=","/></m:dPr>'
    expect(await from(box('d', comma, base('a'), base('b')))).toBe('(a,b)\n')
  })

  it('write roots of a degree as powers', async () => {
    expect(await from(box('rad', box('deg', letters('3')), base('x')))).toBe('x^(1/3)\n')
    const hidden = '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>'
    expect(await from(box('rad', hidden, base('x+1')))).toBe('√(x+1)\n')
  })

  it('keep the letters of parts that have no sign of their own', async () => {
    const name = box('func', box('fName', letters('sin ')), base('x'))
    expect(await from(box('acc', base('y')) + letters('=') + name)).toBe('y=sin x\n')
  })
})
