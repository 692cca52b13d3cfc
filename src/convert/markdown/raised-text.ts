/** Text set higher or lower than the line: Markdown has no sign for it, but Unicode has letters, and 10⁶ is not 106. */
export function raisedText(text: string, place: 'sup' | 'sub'): string {
  const letters = place === 'sup' ? RAISED : LOWERED
  const moved = [...text].map((character) => letters.get(character))
  return moved.every((character) => character !== undefined) ? moved.join('') : text
}

const PLAIN = '0123456789+-−()'
const RAISED = new Map([...`${PLAIN}n`].map((character, at) => [character, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ'][at]]))
const LOWERED = new Map([...PLAIN].map((character, at) => [character, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎'][at]]))
