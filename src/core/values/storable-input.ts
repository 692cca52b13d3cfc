import type { Serializer } from './serializer.js'

/** The input as text, for another process or a retry; undefined where it cannot be stored. */
export function storableInput(
  { serializer }: { serializer: Serializer },
  input: unknown,
): string | undefined {
  try {
    return serializer.stringify(input)
  } catch {
    return undefined
  }
}
