import { describe, expect, it } from 'vitest'
import { RecentlyUsed } from '../../../src/core/words/recently-used.js'

const filled = (...names: string[]) => {
  const gone: string[] = []
  const entries = new RecentlyUsed<string, string>(4, (value) => gone.push(value))
  for (const name of names) entries.set(name, name)
  return { entries, gone }
}

describe('a map of the entries used last', () => {
  it('pushes out the entry that was added first, if none was used', () => {
    const { entries, gone } = filled('a', 'b', 'c', 'd', 'e')
    expect(gone).toEqual(['a'])
    expect(['a', 'b', 'e'].map((name) => entries.get(name))).toEqual([undefined, 'b', 'e'])
  })

  it('keeps an old entry that was read meanwhile, but not one that was only looked for', () => {
    const { entries, gone } = filled('a', 'b', 'c', 'd')
    expect([entries.get('a'), entries.has('b')]).toEqual(['a', true])
    entries.set('e', 'e')
    expect(gone).toEqual(['b'])
  })

  it('keeps an entry that is read again and again, however many others come', () => {
    const { entries, gone } = filled('a')
    for (let n = 0; n < 100; n++) {
      entries.set(`${n}`, 'other')
      expect(entries.get('a')).toBe('a')
    }
    expect(gone).not.toContain('a')
  })

  it('keeps one value for a key, and reports each that is replaced or deleted, once', () => {
    const { entries, gone } = filled('a', 'b')
    entries.set('a', 'a again')
    entries.delete('b')
    entries.delete('b')
    expect(gone).toEqual(['a', 'b'])
    expect([entries.get('a'), entries.has('b')]).toEqual(['a again', false])
  })

  it('never holds more than its limit', () => {
    const { entries, gone } = filled(...Array.from({ length: 1_000 }, (_, n) => `entry ${n}`))
    expect([entries.size, gone.length]).toEqual([4, 996])
  })
})
