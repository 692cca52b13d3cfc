/** Where a thing is in a value, as one would write it in code. */
export function pathTo(value: unknown, thing: unknown): string | undefined {
  const path = find(value, thing, new Set())
  return path === undefined || path.length <= LONGEST ? path : `${path.slice(0, LONGEST)}…`
}

/** A path is for people to read, in characters. */
const LONGEST = 200

function find(value: unknown, thing: unknown, seen: Set<unknown>): string | undefined {
  if (Object.is(value, thing)) return ''
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined
  seen.add(value)
  const isIndexed = Array.isArray(value) || value instanceof Set || value instanceof Map
  const steps = isIndexed ? [...(value as Iterable<unknown>)].entries() : Object.entries(value)
  for (const [step, item] of steps) {
    const rest = find(item, thing, seen)
    if (rest !== undefined) return `${isIndexed ? `[${step}]` : `.${step}`}${rest}`
  }
  return undefined
}
