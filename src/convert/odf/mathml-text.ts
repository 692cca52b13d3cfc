import { grouped, rooted } from '../office/formula.js'
import { childElements, textOf, type XmlElement } from '../xml.js'

/** A formula in MathML in one line, as `mathText` writes those of Office. */
export function mathMlText(formula: XmlElement): string {
  return childElements(formula).map(partText).join('')
}

function partText(part: XmlElement): string {
  // Once: each look at a part is a look at all within.
  const parts = childElements(part).map(partText)
  const [first = '', second = '', third = ''] = parts
  switch (part.name) {
    case 'mi':
    case 'mn':
    case 'mo':
    case 'mtext':
      return textOf(part).trim()
    case 'mfrac':
      return `${grouped(first)}/${grouped(second)}`
    case 'msup':
    case 'mover':
      return `${first}^${grouped(second)}`
    case 'msub':
    case 'munder':
      return `${first}_${grouped(second)}`
    case 'msubsup':
    case 'munderover':
      return `${first}_${grouped(second)}^${grouped(third)}`
    case 'msqrt':
      return rooted(parts.join(''))
    case 'mroot':
      return rooted(first, second)
    case 'annotation':
      return ''
    default:
      return parts.join('')
  }
}
