import { grouped, rooted } from '../office/formula.js'
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
    case 'sSub':
    case 'sSubSup':
      return inner('e') + bounds(part)
    case 'rad':
      return rooted(inner('e'), inner('deg'))
    case 'nary':
      return `${sign(part, 'naryPr', 'chr', '∫')}${bounds(part)} ${inner('e')}`
    case 'd':
      return delimited(part)
    default:
      return mathText(part)
  }
}

/** What stands low and high beside a letter or a sign. */
function bounds(part: XmlElement): string {
  const low = mathText(find(part, 'sub'))
  const high = mathText(find(part, 'sup'))
  return (low && `_${grouped(low)}`) + (high && `^${grouped(high)}`)
}

function delimited(part: XmlElement): string {
  const inner = childElements(part, 'e')
    .map(mathText)
    .join(sign(part, 'dPr', 'sepChr', '|'))
  return sign(part, 'dPr', 'begChr', '(') + inner + sign(part, 'dPr', 'endChr', ')')
}

/** The sign that a part names among its properties; one that is named and empty does not show. */
function sign(part: XmlElement, properties: string, name: string, usual: string): string {
  return find(part, properties, name)?.attributes['m:val'] ?? usual
}
