import type { Answer } from '../index.js'

/** What to do after an answer that came by a ref. */
export function nextStepFor(answer: Answer<unknown>): string {
  if ('requests' in answer && answer.requests) return ASKED
  if (answer.status === 'complete') return 'The result exists. Call get_task_result with this ref.'
  if (answer.status === 'cancelled')
    return 'There will be no result. Call retry_task with this ref if it is wanted after all.'
  if (answer.status === 'failed') return answer.retryable ? RETRY : CHANGE
  return WAIT
}

/** What to do when a task has asked something. */
export const ASKED =
  'The task waits for answers to its requests. Call answer_task with this ref and answers by the keys of the requests; ask the ' +
  'user what you do not know. Then call get_task_result with this ref.'

const WAIT =
  'No result exists yet. Call get_task_result with this ref, which waits for it. Do not start the same work again, and ' +
  'do not guess the result.'
const RETRY = 'There is no result. If the error looks temporary, call retry_task with this ref.'
const CHANGE =
  'There is no result, and the same work would fail again: change its arguments, or tell the user about the error.'
