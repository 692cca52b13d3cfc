import { MemoryExceeded } from '../../backends/process-pool/memory-exceeded.js'
import type { ConvertInput } from '../../convert/index.js'
import { Abort } from '../../core/words/abort.js'
import { type Job, type JobContext, type ProcessPool, processPool, RaincheckError } from '../../index.js'
import type { ConvertLimits } from './convert-limits.js'

/** The process pool that documents are converted in. What goes beyond the limits is ended, and told with how to raise them. */
export function convertPool({ timeout, memory }: ConvertLimits): ProcessPool {
  const pool = processPool({ memoryLimit: memory })
  return {
    ...pool,
    run: async (job, context) => {
      const limited = limitTime(job, context, timeout)
      try {
        return await pool.run(job, limited.context)
      } catch (error) {
        throw named(job, error)
      } finally {
        limited.end()
      }
    },
  }
}

/** Not by the function's `timeout`, whose message could tell neither the document nor the names that people know it by. */
function limitTime(job: Job, context: JobContext, timeout: number) {
  const abort = new Abort()
  const stop = context.onAbort((reason) => abort.abort(reason))
  let timer: NodeJS.Timeout | undefined
  const limited: JobContext = {
    task: context.task,
    onAbort: (listener) => abort.onAbort(listener),
    onStart: () => {
      timer = setTimeout(() => abort.abort(tooLong(job, timeout)), timeout)
      context.onStart()
    },
    onAbandoned: () => context.onAbandoned(),
  }
  const end = () => {
    clearTimeout(timer)
    stop()
  }
  return { context: limited, end }
}

function tooLong(job: Job, timeout: number): RaincheckError {
  const message = `${pathOf(job)}: its conversion took longer than ${timeout / 1_000} s; raise RAINCHECK_CONVERT_TIMEOUT (or --timeout), or split it`
  return new RaincheckError('TIMEOUT', message)
}

/** Of a crash, which tells of a process: which document it was. */
function named(job: Job, error: unknown): unknown {
  if (!(error instanceof RaincheckError) || error.code !== 'CRASHED') return error
  const { message } =
    error instanceof MemoryExceeded
      ? new MemoryExceeded(error.limit, 'raise RAINCHECK_CONVERT_MEMORY (or --max-memory)')
      : error
  return new RaincheckError('CRASHED', `${pathOf(job)}: ${message}`, { cause: error })
}

function pathOf({ input }: Job): string {
  return (input as ConvertInput).path
}
