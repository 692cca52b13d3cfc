import type { Answer } from '../index.js'

/** What to do after an answer that came by a ref. */
export function nextStepFor(answer: Pick<Answer<unknown>, 'status'> & { retryable?: boolean }): string {
  if (answer.status === 'complete') return 'The result exists. Call get_task_result with this ref.'
  if (answer.status === 'cancelled')
    return 'There will be no result. Call retry_task with this ref if it is wanted after all.'
  if (answer.status === 'failed') return answer.retryable ? RETRY : CHANGE
  return WAIT
}

const WAIT =
  'No result exists yet. Call get_task_result with this ref, which waits for it. Do not start the same work again, and ' +
  'do not guess the result.'
const RETRY = 'There is no result. If the error looks temporary, call retry_task with this ref.'
const CHANGE =
  'There is no result, and the same work would fail again: change its arguments, or tell the user about the error.'
