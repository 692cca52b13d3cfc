import type { TaskBackend } from '../../core/words/backend.js'
import { type DoJob, Slots } from '../slots.js'
import { HereRunner } from './run-here.js'

/** Runs functions in this process, at most `concurrency` at once. An abort is told to the function. */
export function inProcess({ concurrency }: { concurrency: number }): TaskBackend {
  const here = new HereRunner()
  const doJob: DoJob = (job, context, slot) => {
    context.onStart()
    return here.run(job, context, slot)
  }

  let slots = new Slots(concurrency, {}, doJob)
  return {
    name: 'in-process',
    capabilities: { abort: 'requested', functions: 'any', perScope: true, rateLimit: true },
    limit: (limits) => {
      slots = new Slots(concurrency, limits, doJob)
    },
    run: (job, context) => slots.run(job, context),
    setPriority: (ref, priority) => slots.setPriority(ref, priority),
    room: (scope) => slots.room(scope),
    stats: () => ({ ...slots.stats(), abandoned: here.abandoned }),
    pause: () => slots.pause(),
    resume: () => slots.resume(),
    close: () => Promise.resolve(),
  }
}
