import PQueue from 'p-queue'
import type { Job, JobContext, TaskBackend, TaskHandle } from '../core/backend.js'

/** Runs functions in this process, at most `concurrency` at once. An abort is told to the function. */
export function inProcess({ concurrency }: { concurrency: number }): TaskBackend {
  const queue = new PQueue({ concurrency })
  return {
    name: 'in-process',
    capabilities: { abort: 'requested', functions: 'any' },
    run: (job, context) => queue.add(() => work(job, context), { priority: job.priority }),
    close: async () => queue.clear(),
  }
}

/** Frees the slot at the abort: p-queue's own abort does the same, but takes the job's place in the line with it. */
function work(job: Job, context: JobContext): Promise<unknown> {
  const { signal } = context
  if (signal.aborted) return Promise.reject(signal.reason)
  context.onStart()
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    invoke(job, context)
      .finally(() => signal.removeEventListener('abort', onAbort))
      .then(resolve, reject)
  })
}

async function invoke({ ref, scope, attempt, input, work }: Job, context: JobContext): Promise<unknown> {
  const { signal, onProgress, onLog } = context
  const handle: TaskHandle = { ref, scope, attempt, signal, progress: onProgress, log: onLog }
  return work(input as never, handle)
}
