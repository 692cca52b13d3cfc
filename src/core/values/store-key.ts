import type { Core } from '../task/engine.js'
import { digest } from './key.js'

/** The key of a record. In a shared store it is of one length and tells nothing; in this process the text itself does. */
export function storeKey({ tasks }: Core, keyText: string): string {
  return tasks.shared ? digest(keyText) : keyText
}
