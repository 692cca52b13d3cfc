/**
 * Whether JSON would give a value back as it is: strings, finite numbers, booleans, null, plain objects and arrays, each
 * in one place. Looking costs a fraction of what any other way of writing it does.
 */
export function isPlainJson(value: unknown): boolean {
  return isPlain(value, new Set())
}

/** @param seen Objects so far: one that comes again is shared, or a cycle, which JSON cannot tell. */
function isPlain(value: unknown, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      return value === null || isPlainObject(value, seen)
    default:
      return false
  }
}

function isPlainObject(value: object, seen: Set<object>): boolean {
  if (seen.has(value) || seen.size === MOST_PARTS) return false
  seen.add(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype) return areItemsPlain(value as unknown[], seen)
  if (prototype !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) return false
  for (const key of Object.keys(value))
    if (key === '__proto__' || !isPlain((value as Record<string, unknown>)[key], seen)) return false
  return true
}

/** Far more than a value of some megabytes has. */
const MOST_PARTS = 1_000_000

/** By index, since holes are no items of JSON. */
function areItemsPlain(items: readonly unknown[], seen: Set<object>): boolean {
  for (let index = 0; index < items.length; index++) if (!isPlain(items[index], seen)) return false
  return true
}
