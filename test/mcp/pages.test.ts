import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageOf } from '../../src/mcp/pages.js'

// The same values each time.
fc.configureGlobal({ seed: 6 })

describe('pages', () => {
  it('together are the text, none is longer than asked for by more than half a character, and none splits one', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (whole, limit) => {
        let read = ''
        let offset: number | undefined = 0
        while (offset !== undefined) {
          const page = pageOf(whole, offset, limit)
          expect(page.text.length).toBeLessThanOrEqual(Math.max(limit, 2))
          // Throws for half a character.
          encodeURIComponent(page.text)
          expect(page.total).toBe(whole.length)
          read += page.text
          offset = page.nextOffset
        }
        expect(read).toBe(whole)
      }),
      { numRuns: 1_000 },
    )
  })

  it('begin before a character that the offset is inside of', () => {
    expect(pageOf('a😀b', 2, 10).text).toBe('😀b')
  })

  it('end with the text, also where it has halves of characters', () => {
    expect(pageOf('\ud83d\ud83d', 0, 1)).toEqual({ text: '\ud83d', nextOffset: 1, total: 2 })
    expect(pageOf('ab', 5, 10)).toEqual({ text: '', nextOffset: undefined, total: 2 })
  })
})
