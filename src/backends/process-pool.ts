import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import type { Job, JobContext, TaskBackend, Work } from '../core/backend.js'
import { addressOf, type ModuleAddress } from '../core/from-module.js'
import { invalid, refuseUnknown } from '../core/function-options.js'
import { PoolChild } from './pool-child.js'

export interface ProcessPoolOptions {
  /** How many child processes run at once, each with one task. @default the number of processors */
  size?: number
  /** Heap of each child, in MB (V8's old space); a task that needs more fails with `CRASHED`. @default Node's own limit */
  memoryLimit?: number
}

export interface ProcessPool extends TaskBackend {
  /** Starts a child that loads this function's module, so that its first task need not wait for that. */
  warm(work: Work): void
}

/**
 * Runs functions made by `fromModule` in child processes, for work that blocks the processor or may crash. An abort
 * kills the child. Children are kept for the next task, and end after 30 s without one.
 * @throws RaincheckError `INVALID_OPTION`, naming the option.
 */
export function processPool(options: ProcessPoolOptions = {}): ProcessPool {
  refuseUnknown(options, ['size', 'memoryLimit'])
  const size = wholeNumber('size', options.size ?? availableParallelism())
  const memoryLimit =
    options.memoryLimit === undefined ? undefined : wholeNumber('memoryLimit', options.memoryLimit)
  const queue = new PQueue({ concurrency: size })
  const children = new Set<PoolChild>()

  const fork = () => {
    const child = new PoolChild(memoryLimit, () => children.delete(child))
    children.add(child)
    return child
  }
  const run = async (job: Job, context: JobContext) => {
    context.signal.throwIfAborted()
    context.onStart()
    const child = [...children].find((one) => one.idle) ?? fork()
    return child.run(addressed(job.work), job, context)
  }

  return {
    name: 'process-pool',
    capabilities: { abort: 'killed', functions: 'module' },
    run: (job, context) => queue.add(() => run(job, context), { priority: job.priority }),
    warm: (work) => fork().load(addressed(work)),
    close: async () => {
      queue.clear()
      await Promise.all([...children].map((child) => child.kill()))
    },
  }
}

function addressed(work: Work): ModuleAddress {
  const address = addressOf(work)
  if (!address) throw invalid('a function on the process pool', 'made by fromModule', work)
  return address
}

function wholeNumber(option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  throw invalid(option, 'a whole number of 1 or more', value)
}
