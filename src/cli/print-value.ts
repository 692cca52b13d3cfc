import type { ConvertResult } from '../convert/index.js'

/** A text, or that of a converted document, as it is; anything else as JSON. */
export function printValue(value: unknown): void {
  const text = isConversion(value) ? value.markdown : value
  process.stdout.write(typeof text === 'string' ? text : `${JSON.stringify(text ?? null, null, 2)}\n`)
}

/** Told by its shape, since any function of a config file may call the conversion and pass its result on. */
function isConversion(value: unknown): value is ConvertResult {
  const { markdown, hiddenCharacters } = Object(value) as Partial<ConvertResult>
  return typeof markdown === 'string' && typeof hiddenCharacters === 'number'
}
