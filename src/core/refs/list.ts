import type { Engine } from '../task/engine.js'
import { completeAnswer } from '../task/live-task.js'
import { type Answer, type CompleteAnswer, type Status, statuses } from '../words/answer.js'
import { invalid, refuseUnknown, wholeNumber } from '../words/check-option.js'
import { cursorAfter, parseCursor } from '../words/cursor.js'
import { isLive, type ListFilter, type StoredTask } from '../words/task-store.js'
import { answerFromRecord, liveAnswer, settledAnswer } from './answers.js'

/** Options of `list`. */
export interface ListOptions {
  /** Only the tasks that show this status, as a poll of each would. @default all */
  status?: Status
  /** Only the tasks of the function of that name. @default all */
  name?: string
  /** How many at most, from 1 to 1,000. @default 50 */
  limit?: number
  /** Where to go on, from the list before. @default the newest */
  cursor?: string
}

/** A task as a list shows it: its answer without the value. */
export type TaskSummary =
  | Exclude<Answer<unknown>, CompleteAnswer<unknown>>
  | Omit<CompleteAnswer<unknown>, 'value'>

/** A page of tasks. */
export interface TaskList {
  /** Newest first; as many as `limit`, where there are so many. */
  tasks: TaskSummary[]
  /** Given when there is more, for the next `list`. */
  cursor?: string
}

/** What is known of tasks: their records, and what this process runs. */
export interface Known {
  readonly tasks: Pick<Engine['tasks'], 'list'>
  readonly registry: Pick<Engine['registry'], 'get'>
}

/** The tasks of a scope, newest first. */
export async function list(engine: Known, scope: string, options: ListOptions): Promise<TaskList> {
  const filter = resolveList(scope, options)
  const { limit } = filter
  // One more tells whether there is more.
  const found = await findTasks(engine, { ...filter, limit: limit + 1 })
  const tasks = found.slice(0, limit)
  const last = tasks.at(-1)
  return { tasks, ...(found.length > limit && last ? { cursor: cursorAfter(last) } : {}) }
}

/** A task of this process may be further than its record, so that not all that the store finds by status has it. */
async function findTasks(engine: Known, filter: ListFilter): Promise<TaskSummary[]> {
  const { status, limit } = filter
  const found: TaskSummary[] = []
  for (let page = filter; ; ) {
    const records = await engine.tasks.list(page)
    const tasks = records.map((record) => summary(engine, record))
    found.push(...tasks.filter((task) => status === undefined || task.status === status))
    const after = records.at(-1)
    if (!after || records.length < limit || found.length >= limit) return found
    page = { ...filter, after }
  }
}

function summary(engine: Known, record: StoredTask): TaskSummary {
  const own = engine.registry.get(record.ref)
  // This process knows more of its own tasks than it has written down.
  if (own && isLive(record))
    return own.outcome ? withoutValue(settledAnswer(own, own.outcome)) : liveAnswer(own)
  if (record.status === 'complete') return withoutValue(completeAnswer(record, undefined, record.settledAt))
  return answerFromRecord(record)
}

function withoutValue(answer: Answer<unknown>): TaskSummary {
  if (answer.status !== 'complete') return answer
  const { value: _, ...rest } = answer
  return rest
}

function resolveList(scope: string, options: ListOptions): ListFilter {
  refuseUnknown(options, ['status', 'name', 'limit', 'cursor'])
  const { status, name, cursor } = options
  const limit = wholeNumber('limit', options.limit ?? 50, 1)
  if (limit > 1_000) throw invalid('limit', 'at most 1,000', limit)
  if (status !== undefined && !statuses.includes(status))
    throw invalid('status', `one of ${statuses.join(', ')}`, status)
  return {
    scope,
    limit,
    ...(status === undefined ? {} : { status }),
    ...(name === undefined ? {} : { name }),
    ...(cursor === undefined ? {} : { after: parseCursor(cursor) }),
  }
}
