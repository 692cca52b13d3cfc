/** How much of them is kept: so many bytes of JSON. */
const MOST_BYTES = 4_096

/** What an `ErrorInfo` has fields of its own for, and what may hold anything. */
const elsewhere: ReadonlySet<string> = new Set(['name', 'message', 'code', 'stack', 'cause', 'errors'])

/**
 * The own enumerable properties of an error that are texts, finite numbers or booleans: never objects, which carry headers and secrets. They are
 * taken in the order of `Object.keys`; one that does not fit into what is left of 4 kB is left out. A proxy that throws has none.
 */
export function propertiesOf(error: Error): Properties | undefined {
  try {
    return readProperties(error)
  } catch {
    return undefined
  }
}

type Properties = Record<string, string | number | boolean>

function readProperties(error: Error): Properties | undefined {
  const keys = Object.keys(error)
  if (keys.length === 0) return undefined
  const kept: [string, string | number | boolean][] = []
  let left = MOST_BYTES
  for (const key of keys) {
    // Not by reading it: a getter may do anything.
    const value: unknown = Object.getOwnPropertyDescriptor(error, key)?.value
    if (elsewhere.has(key) || !isPlain(value)) continue
    const bytes = bytesOf(key, value)
    if (bytes > left) continue
    left -= bytes
    kept.push([key, value])
  }
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** What JSON gives back as it is. */
function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

/** With the colon and a comma or bracket. A long text is not written out to be measured. */
function bytesOf(key: string, value: string | number | boolean): number {
  if (typeof value === 'string' && value.length > MOST_BYTES) return Number.POSITIVE_INFINITY
  return Buffer.byteLength(JSON.stringify(key)) + Buffer.byteLength(JSON.stringify(value)) + 2
}
