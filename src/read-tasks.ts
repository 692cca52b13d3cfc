import { answerFromRecord } from './core/refs/answers.js'
import { type Known, type ListOptions, list, type TaskSummary } from './core/refs/list.js'
import { withDeadlines } from './core/values/task-store-deadlines.js'
import type { Ref } from './core/words/ref.js'
import { isLive, type StoredTask } from './core/words/task-store.js'
import { sqliteFile } from './stores/sqlite/file.js'
import { sqliteTaskStore } from './stores/sqlite/sqlite.js'

/** Reads the records of tasks, and runs none: for commands that only show them, and should not load what runs them. */
export interface TaskReader {
  /** As `list` of a raincheck. */
  list(options: ListOptions): Promise<TaskSummary[]>
  /**
   * As `poll` of a raincheck.
   * @returns Undefined where that takes a raincheck: for a value, a task that nobody holds, and what is not found.
   */
  find(ref: Ref): Promise<TaskSummary | undefined>
  /** As `unheld` of a raincheck. */
  unheld(): Promise<readonly unknown[]>
  close(): Promise<void>
}

/** Reads the tasks in a SQLite file, of the scope `''`. It is opened by its first use. */
export function openReader(path: string): TaskReader {
  const file = sqliteFile(path)
  const tasks = withDeadlines(sqliteTaskStore(file), () => file.open())
  const known: Known = { tasks, registry: { get: () => undefined } }
  return {
    list: async (options) => (await list(known, '', options)).tasks,
    find: async (ref) => summaryOf(await tasks.get(ref)),
    unheld: () => tasks.unheld(),
    close: () => file.close(),
  }
}

function summaryOf(record: StoredTask | undefined): TaskSummary | undefined {
  if (record?.scope !== '' || record.status === 'complete') return undefined
  if (isLive(record) ? !record.held : record.expiresAt <= Date.now()) return undefined
  return answerFromRecord(record)
}
