import type { Core } from '../task/engine.js'

/** The input as text, for another process or a retry; undefined where it cannot be stored. */
export function storableInput(core: Core, input: unknown): string | undefined {
  try {
    return core.serializer.stringify(input)
  } catch {
    return undefined
  }
}
