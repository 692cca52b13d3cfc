import { toJson } from '../../core/values/to-json.js'
import { markdownOf } from '../documents/markdown-of.js'
import { writeOut } from './stdout.js'

/** What a command tells on stdout: as JSON where that is asked for, for people otherwise. */
export function print(told: unknown, text: string, { json }: { json?: boolean | undefined }): void {
  writeOut(`${json ? toJson(told) : text}\n`)
}

/** A text, or that of a converted document, as it is; anything else as JSON. */
export function printValue(value: unknown): void {
  const text = markdownOf(value) ?? value
  writeOut(typeof text === 'string' ? text : `${toJson(text, 2)}\n`)
}
