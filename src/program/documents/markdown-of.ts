import type { ConvertResult } from '../../convert/index.js'

/**
 * The text of a converted document; undefined for any other value. Told by its shape, since any function of a config file
 * may call the conversion and pass its result on.
 */
export function markdownOf(value: unknown): string | undefined {
  const { markdown, hiddenCharacters } = Object(value) as Partial<ConvertResult>
  return typeof markdown === 'string' && typeof hiddenCharacters === 'number' ? markdown : undefined
}
