import { isLive } from '../../../core/words/task-store.js'
import type { Answer, CallAnswer, Duration } from '../../../index.js'
import { describeAnswer, exitCodeOf } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { withStore } from '../store.js'
import { tellSubmitted } from './submit.js'

interface Patience {
  background?: boolean
  asyncTimeout?: Duration
  json?: boolean
}

/** Tells the ref of a task that was left to the worker, unless it is done within `--async-timeout`. */
export async function waitSubmitted(
  answer: CallAnswer<unknown>,
  { background, asyncTimeout, json }: Patience,
  tellDone: (value: unknown) => ExitCode,
): Promise<ExitCode> {
  const now: Answer<unknown> =
    background || answer.status === 'complete'
      ? answer
      : await withStore((rain) => rain.poll(answer.ref, { wait: asyncTimeout ?? 0 }))
  if (isLive(now) || background) {
    tellSubmitted(now, json)
    return background ? exitCodes.success : exitCodes.notDone
  }
  if (now.status === 'complete') return tellDone(now.value)
  process.stderr.write(`raincheck: ${describeAnswer(now)}\n`)
  return exitCodeOf(now)
}
