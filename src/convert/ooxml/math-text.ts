import { grouped } from '../office/formula.js'
import { childElements, find, textOf, type XmlElement } from '../xml.js'

/** An Office formula in one line: fractions, powers, roots and sums as one would type them. */
export function mathText(formula: XmlElement | undefined): string {
  return childElements(formula).map(partText).join('')
}

function partText(part: XmlElement): string {
  const inner = (name: string) => mathText(find(part, name))
  switch (part.name) {
    case 'r':
      return childElements(part, 't').map(textOf).join('')
    case 'f':
      return `${grouped(inner('num'))}/${grouped(inner('den'))}`
    case 'sSup':
      return `${inner('e')}^${grouped(inner('sup'))}`
    case 'sSub':
      return `${inner('e')}_${grouped(inner('sub'))}`
    case 'sSubSup':
      return `${inner('e')}_${grouped(inner('sub'))}^${grouped(inner('sup'))}`
    case 'rad':
      return `√${grouped(inner('e'))}`
    case 'nary':
      return `${find(part, 'naryPr', 'chr')?.attributes['m:val'] ?? '∫'}_${grouped(inner('sub'))}^${grouped(inner('sup'))} ${inner('e')}`
    case 'd':
      return `(${inner('e')})`
    default:
      return mathText(part)
  }
}
