import type { TaskStore } from '../words/task-store.js'
import { digest } from './key.js'

/** The key of a record. In a shared store it is of one length and tells nothing; in this process the text itself does. */
export function storeKey({ tasks }: { tasks: TaskStore }, keyText: string): string {
  return tasks.shared ? digest(keyText) : keyText
}
