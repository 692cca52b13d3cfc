import type { BulkJobOptions } from 'bullmq'
import { defaultSerializer } from '../../core/values/serializer.js'
import { RaincheckError } from '../../core/words/errors.js'
import { pause, withinDeadline } from '../../core/words/timers.js'
import type { JobData } from './job-data.js'
import type { QueueLink } from './link.js'
import type { WaitingJob } from './waiting-jobs.js'

/** As many as go out at once. */
const BATCH = 100

/** How long a job may take to get into the queue, in milliseconds: as long as a caller waits for a store. */
const PATIENCE_MS = 30_000

const RETRY_MS = 250

/** How long the queue keeps a job that is done, in seconds: more than a lease, so that whoever takes over who waited for it finds it. */
const KEPT_S = 60

/** Jobs on their way into the queue: those of one tick go together. */
export class Outbox {
  readonly #link: QueueLink
  readonly #onAdded: (waiting: WaitingJob, id: string) => void
  #waiting: WaitingJob[] = []

  /** @param onAdded Called with the id of the job that is in the queue now: an equal one's, if there was one. */
  constructor(link: QueueLink, onAdded: (waiting: WaitingJob, id: string) => void) {
    this.#link = link
    this.#onAdded = onAdded
  }

  add(waiting: WaitingJob): void {
    this.#waiting.push(waiting)
    if (this.#waiting.length === 1) queueMicrotask(() => this.#sendAll())
  }

  #sendAll(): void {
    const all = this.#waiting.splice(0).filter(({ ended }) => !ended)
    for (let at = 0; at < all.length; at += BATCH) void this.#send(all.slice(at, at + BATCH))
  }

  async #send(batch: WaitingJob[]): Promise<void> {
    const until = Date.now() + PATIENCE_MS
    for (;;) {
      const jobs = batch.filter(({ ended }) => !ended)
      if (jobs.length === 0) return
      try {
        return await this.#put(jobs)
      } catch (error) {
        // An input that cannot be written, or a missing package, will not do better later.
        const isAway = !(error instanceof RaincheckError) || error.code === 'STORE_UNAVAILABLE'
        if (!isAway && jobs.length > 1) {
          // One of them is the reason; the others go without it.
          for (const waiting of jobs) void this.#send([waiting])
          return
        }
        if (!isAway || Date.now() > until) {
          for (const { reject } of jobs) reject(error)
          return
        }
        await pause(RETRY_MS)
      }
    }
  }

  async #put(jobs: WaitingJob[]): Promise<void> {
    await this.#link.controlled()
    const added = await withinDeadline('take a job', this.#addAll(jobs.map(queueJob)))
    for (const [at, { id }] of added.entries()) this.#onAdded(jobs[at] as WaitingJob, String(id))
  }

  async #addAll(jobs: QueueJobGiven[]) {
    const { queue } = await this.#link.open()
    const [first] = jobs
    // One alone needs no transaction.
    if (jobs.length === 1 && first) return [await queue.add(first.name, first.data, first.opts)]
    return queue.addBulk(jobs)
  }
}

interface QueueJobGiven {
  name: string
  data: JobData
  opts: BulkJobOptions
}

function queueJob(waiting: WaitingJob): QueueJobGiven {
  const { job, priority } = waiting
  const { ref, scope, attempt, answers, identity, key, retries } = job
  const input = defaultSerializer.stringify(job.input)
  waiting.sentPriority = priority
  return {
    name: nameOf(identity),
    data: { function: identity, input, scope, answers, attempt, failures: [] },
    opts: {
      jobId: ref,
      priority,
      deduplication: { id: key },
      // The wait is doubled for each further attempt, and up to doubled again at random, as in process.
      ...(retries.count > 0
        ? {
            attempts: 1 + retries.count,
            backoff: { type: 'exponential', delay: 2 * retries.delay, jitter: 0.5 },
          }
        : {}),
      removeOnComplete: { age: KEPT_S },
      removeOnFail: { age: KEPT_S },
      stackTraceLimit: 1,
    },
  }
}

/** What tools that show the queue call it by: app, name and version. */
function nameOf(identity: string): string {
  return identity.replace(/[[\]"]/g, '')
}
