import type { QueueEvents } from 'bullmq'
import { askAll } from '../../core/task/handle.js'
import { defaultSerializer } from '../../core/values/serializer.js'
import type { BackendStats, SharedJob, SharedJobContext } from '../../core/words/backend.js'
import { RaincheckError, reviveError } from '../../core/words/errors.js'
import { withinDeadline } from '../../core/words/timers.js'
import {
  type Failure,
  queuePriority,
  type Returned,
  type ToldByRunner,
  type ToldFailure,
  type ToldLog,
  WITHDRAWN,
} from './job-data.js'
import { failuresOf, interruptedTooOften, textOf } from './job-end.js'
import type { QueueLink } from './link.js'
import { Outbox } from './outbox.js'
import { WaitingJob, WaitingJobs } from './waiting-jobs.js'
import { withdraw } from './withdraw.js'

/**
 * Events can be lost: by a server that came back without its file, or by a listener that was held up for long. So jobs that
 * nothing was heard of for a while are asked after, so many at once; in milliseconds.
 */
const LOOK_EVERY_MS = 5_000
const SILENT_MS = 10_000
const LOOK_AT_ONCE = 200

/** The jobs that this process gave to the queue, wherever they run. */
export class Submissions {
  readonly #link: QueueLink
  readonly #outbox: Outbox
  readonly #waiting = new WaitingJobs()
  #listening: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(link: QueueLink) {
    this.#link = link
    this.#outbox = new Outbox(link, (waiting, id) => this.#onAdded(waiting, id))
  }

  run(job: SharedJob, context: SharedJobContext): Promise<unknown> {
    this.#timer ??= setInterval(() => void this.#lookAfterSilent(), LOOK_EVERY_MS).unref()
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        if (waiting.ended) return
        waiting.ended = true
        this.#waiting.remove(waiting)
        stop()
        settle()
      }
      const waiting = new WaitingJob(
        job,
        context,
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      )
      let stop = () => {}
      this.#waiting.add(waiting)
      stop = context.onAbort((reason) => this.#abort(waiting, reason))
      this.#listen().then(
        () => this.#outbox.add(waiting),
        (error) => waiting.reject(error),
      )
    })
  }

  setPriority(ref: string, priority: number): void {
    const waiting = this.#waiting.get(ref).find(({ job }) => job.ref === ref)
    if (!waiting) return
    waiting.priority = queuePriority(priority)
    if (waiting.added) this.#changePriority(waiting)
  }

  async freeKey(key: string): Promise<void> {
    const { queue } = await this.#link.open()
    await withinDeadline('free the key of a job', queue.removeDeduplicationKey(key))
  }

  /** @param isHere Whether a job runs in this process. */
  stats(isHere: (id: string) => boolean): Pick<BackendStats, 'waiting' | 'running'> {
    const elsewhere = this.#waiting.all().filter(({ id }) => !isHere(id))
    const running = elsewhere.filter((waiting) => waiting.running).length
    return { waiting: elsewhere.length - running, running }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #listen(): Promise<void> {
    this.#listening ??= this.#link.listen().then((events) => this.#hear(events))
    return this.#listening
  }

  #hear(events: QueueEvents): void {
    const each = (id: string, tell: (waiting: WaitingJob) => void) => {
      for (const waiting of this.#waiting.get(id)) {
        waiting.heardAt = Date.now()
        tell(waiting)
      }
    }
    events.on('active', ({ jobId }) => each(jobId, (waiting) => waiting.start()))
    events.on('progress', ({ jobId, data }) =>
      each(jobId, ({ context }) => context.task.progress(data as object)),
    )
    events.on('completed', ({ jobId, returnvalue }) =>
      each(jobId, (waiting) => void this.#complete(waiting, returnvalue as unknown as Returned)),
    )
    events.on('failed', ({ jobId, failedReason }) =>
      each(jobId, (waiting) => void this.#fail(waiting, failedReason)),
    )
    events.on('removed', ({ jobId }) => each(jobId, (waiting) => this.#onRemoved(waiting)))
    // It was there before it was given: then its end may be, too.
    events.on('duplicated', ({ jobId }) => each(jobId, (waiting) => void this.#lookAfter(waiting)))
    events.on('paused', () => {
      this.#link.paused = true
    })
    events.on('resumed', () => {
      this.#link.paused = false
    })
    events.on<ToldByRunner>('log', ({ jobId, line }: ToldLog) =>
      each(jobId, ({ context }) => context.task.log(line)),
    )
    events.on<ToldByRunner>('attempt-failed', ({ jobId, failure }: ToldFailure) =>
      each(jobId, (waiting) => waiting.fail(JSON.parse(failure) as Failure)),
    )
  }

  #onAdded(waiting: WaitingJob, id: string): void {
    waiting.heardAt = Date.now()
    waiting.added = true
    if (waiting.ended) {
      // It was aborted meanwhile, for good or because another process waits for it now.
      if (waiting.unwanted) void withdraw(this.#link, waiting, waiting.unwanted)
      return
    }
    if (waiting.id !== id) {
      this.#waiting.remove(waiting)
      waiting.id = id
      this.#waiting.add(waiting)
      void this.#lookAfter(waiting)
    }
    if (waiting.priority !== waiting.sentPriority) this.#changePriority(waiting)
  }

  #changePriority({ id, priority, follows }: WaitingJob): void {
    if (follows) return
    this.#link
      .open()
      .then(({ queue }) => queue.getBackend().changePriority(id, priority))
      .catch(() => {}) // It keeps its turn.
  }

  /** A job that was left to other processes stays in the queue; any other is taken back. */
  #abort(waiting: WaitingJob, reason: unknown): void {
    const isLeft = reason instanceof RaincheckError && reason.code === 'INTERRUPTED'
    if (!isLeft && !waiting.follows) waiting.unwanted = reason
    waiting.reject(reason)
    if (waiting.added && waiting.unwanted) void withdraw(this.#link, waiting, reason)
  }

  async #complete(waiting: WaitingJob, returned: Returned): Promise<void> {
    if ('asks' in returned) return this.#ask(waiting, returned.asks)
    try {
      const text = await textOf(this.#link, returned)
      if (text === null) this.#again(waiting)
      else waiting.resolve(defaultSerializer.parse(text))
    } catch (error) {
      waiting.reject(error)
    }
  }

  /** With its answers the job is given again, by the same id, which must be free for that. */
  async #ask(waiting: WaitingJob, requests: Readonly<Record<string, unknown>>): Promise<void> {
    // Its removal is not to be heard here.
    this.#waiting.remove(waiting)
    try {
      if (!waiting.follows) await (await this.#link.open()).queue.remove(waiting.id)
      askAll(waiting.context.task, requests)
    } catch {
      // The server is away; the job is looked after again.
      this.#waiting.add(waiting)
    }
  }

  async #fail(waiting: WaitingJob, failedReason: string): Promise<void> {
    if (failedReason === WITHDRAWN) return this.#onRemoved(waiting)
    try {
      const failures = await failuresOf(this.#link, waiting.id)
      const last = failures.at(-1)
      for (const failure of failures.slice(0, -1)) waiting.fail(failure)
      waiting.reject(last ? reviveError(last.error) : interruptedTooOften(failedReason))
    } catch (error) {
      waiting.reject(error)
    }
  }

  /** Whoever gave an equal job has withdrawn it: that is no reason for the others to go without. */
  #onRemoved(waiting: WaitingJob): void {
    if (waiting.follows) this.#again(waiting)
    else
      waiting.reject(
        new RaincheckError(
          'INTERRUPTED',
          'the job of this task was removed from the queue; make the same call again',
        ),
      )
  }

  #again(waiting: WaitingJob): void {
    if (waiting.ended) return
    this.#waiting.remove(waiting)
    waiting.id = waiting.job.ref
    waiting.added = false
    waiting.running = false
    this.#waiting.add(waiting)
    this.#outbox.add(waiting)
  }

  async #lookAfterSilent(): Promise<void> {
    const silentSince = Date.now() - SILENT_MS
    const silent = this.#waiting.all().filter(({ added, heardAt }) => added && heardAt < silentSince)
    for (const waiting of silent.slice(0, LOOK_AT_ONCE)) {
      waiting.heardAt = Date.now()
      void this.#lookAfter(waiting)
    }
  }

  async #lookAfter(waiting: WaitingJob): Promise<void> {
    try {
      const { queue } = await this.#link.open()
      const found = await queue.getBackend().isFinished(waiting.id, true)
      const [state, said] = Array.isArray(found) ? found : [found, '']
      if (waiting.ended) return
      if (state === 1) await this.#complete(waiting, JSON.parse(said) as Returned)
      else if (state === 2) await this.#fail(waiting, said)
      else if (state === -1) this.#again(waiting)
    } catch {
      // The server is away; it is looked after again.
    }
  }
}
