// A small seeded generator. Whole numbers only: they come out the same on every machine, which the results of
// Math.sin and its like need not.

function hash(text) {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193)
  return value >>> 0
}

export function seeded(seed) {
  let state = hash(seed)
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const between = (low, high) => low + (next() % (high - low + 1))
  const pick = (list) => list[between(0, list.length - 1)]

  // Deals a list out in a mixed order and mixes it anew when it is used up, so that nothing repeats too soon.
  const deck = (list) => {
    let rest = []
    return () => {
      if (rest.length === 0) {
        rest = [...list]
        for (let last = rest.length - 1; last > 0; last--) {
          const other = between(0, last)
          const held = rest[last]
          rest[last] = rest[other]
          rest[other] = held
        }
      }
      return rest.pop()
    }
  }

  return { between, pick, deck }
}
