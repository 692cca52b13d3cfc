import { noteMark } from '../html/notes.js'
import { partName } from './package.js'

/**
 * Takes the notes out of the chapters and numbers them through the book. Notes stand after their mark in its file, or
 * in a file of their own that comes later.
 */
export function noteTaker() {
  const numbers = new Map<string, number>()
  const notes = new Map<number, string>()
  const numberOf = (key: string) => {
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    return number
  }
  return {
    /** The chapter with marks in place of the links to notes, and without the notes themselves. */
    take(name: string, html: string): string {
      const marked = html.replace(NOTE_LINK, (link, attributes: string) => {
        const target = attribute(attributes, 'href')
        if (target === undefined) return link
        const [, fragment = ''] = target.split('#')
        const file = target.startsWith('#') ? name : partName(name, target)
        return noteMark(numberOf(`${file}#${fragment}`))
      })
      return marked.replace(NOTE, (note, _element, attributes: string, body: string) => {
        const id = attribute(attributes, 'id')
        if (id === undefined || !numbers.has(`${name}#${id}`)) return note
        notes.set(numberOf(`${name}#${id}`), body)
        return ''
      })
    },
    taken: () => [...notes].map(([number, html]) => ({ number, html })).sort((a, b) => a.number - b.number),
  }
}

// Bounded, or a broken chapter would be searched to its end from each of its tags.
const NOTE_LINK =
  /<a\b([^<>]*\b(?:epub:type|role)\s*=\s*["'][^"'<>]*\b(?:doc-)?noteref\b[^<>]*)>[\s\S]{0,200}?<\/a\s*>/gi
const NOTE =
  /<(aside|li|p|div|section)\b([^<>]*\b(?:epub:type|role)\s*=\s*["'][^"'<>]*\b(?:doc-)?(?:footnote|endnote|rearnote)\b[^<>]*)>([\s\S]{0,20000}?)<\/\1\s*>/gi

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(attributes)?.[1]
}
