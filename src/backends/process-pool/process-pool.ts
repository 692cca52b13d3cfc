import { availableParallelism } from 'node:os'
import { addressOf, type ModuleAddress } from '../../core/options/from-module.js'
import type { TaskBackend, Work } from '../../core/words/backend.js'
import { invalid, refuseUnknown, wholeNumber } from '../../core/words/check-option.js'
import { type DoJob, Slots } from '../slots.js'
import { PoolChild } from './child.js'

/** Options of `processPool`. */
export interface ProcessPoolOptions {
  /** How many child processes run at once, each with one task. @default the number of processors */
  size?: number
  /**
   * Memory of each child, in MB: all that is resident, be it V8's heap, Buffers or a native library's, with the 50 that
   * Node takes for itself. A task that needs more is ended and fails with `CRASHED`. It is looked at every 100 ms, so that a
   * child may pass it by what it takes in that time. V8's heap alone gets the same limit, and is collected before it is
   * reached. @default no limit but Node's own, of the heap
   */
  memoryLimit?: number
}

/** The backend that `processPool` makes. */
export interface ProcessPool extends TaskBackend {
  /**
   * Starts a child that loads this function's module, so that its first task need not wait for that.
   * @throws RaincheckError `INVALID_OPTION` for a function that `fromModule` did not make.
   */
  warm(work: Work): void
}

/**
 * Runs functions made by `fromModule` in child processes, for work that blocks the processor or may crash. An abort
 * kills the child. Children are kept for the next task, and end after 30 s without one: longer than people pause between
 * commands. What they print goes to the log of their task. Input and value cross by structured clone.
 * @throws RaincheckError `INVALID_OPTION`, naming the option.
 */
export function processPool(options: ProcessPoolOptions = {}): ProcessPool {
  refuseUnknown(options, ['size', 'memoryLimit'])
  const size = wholeNumber('size', options.size ?? availableParallelism(), 1)
  const memoryLimit =
    options.memoryLimit === undefined ? undefined : wholeNumber('memoryLimit', options.memoryLimit, 1)
  const children = new Set<PoolChild>()

  // A child that is busy would not hear that this process has ended.
  const killAll = () => {
    for (const child of children) void child.kill()
  }
  const fork = () => {
    if (children.size === 0) process.on('exit', killAll)
    const child = new PoolChild(memoryLimit, () => {
      children.delete(child)
      if (children.size === 0) process.off('exit', killAll)
    })
    children.add(child)
    return child
  }
  const doJob: DoJob = async (job, context, slot) => {
    try {
      context.onStart()
      const child = [...children].find((one) => one.idle) ?? fork()
      return await child.run(addressed(job.work), job, context)
    } finally {
      slot.end()
    }
  }

  let slots = new Slots(size, {}, doJob)
  return {
    name: 'process-pool',
    capabilities: { abort: 'killed', functions: 'module', perScope: true, rateLimit: true },
    limit: (limits) => {
      slots = new Slots(size, limits, doJob)
    },
    run: (job, context) => slots.run(job, context),
    warm: (work) => fork().load(addressed(work)),
    setPriority: (ref, priority) => slots.setPriority(ref, priority),
    room: (scope) => slots.room(scope),
    stats: () => ({ ...slots.stats(), abandoned: 0 }),
    pause: () => slots.pause(),
    resume: () => slots.resume(),
    close: async () => void (await Promise.all([...children].map((child) => child.kill()))),
  }
}

function addressed(work: Work): ModuleAddress {
  const address = addressOf(work)
  if (!address) throw invalid('a function on the process pool', 'made by fromModule', work)
  return address
}
