import { randomUUID } from 'node:crypto'
import type { Worker } from 'bullmq'
import { addressOf } from '../../core/options/from-module.js'
import type { Slot } from '../../core/task/nested-slot.js'
import { defaultSerializer } from '../../core/values/serializer.js'
import type { BackendLimits, Job, WrappedFunction } from '../../core/words/backend.js'
import { describeError, type ErrorCode, interrupted, RaincheckError } from '../../core/words/errors.js'
import type { Ref } from '../../core/words/ref.js'
import { isHopeless } from '../../core/words/retryable.js'
import { pause } from '../../core/words/timers.js'
import { HereRunner } from '../in-process/run-here.js'
import { processPool } from '../process-pool/process-pool.js'
import { cancelStream } from './cancel-stream.js'
import {
  type JobData,
  LONGEST_IN_EVENT,
  type Returned,
  type ToldCancel,
  type ToldToRunners,
  WITHDRAWN,
} from './job-data.js'
import { JobRun } from './job-run.js'
import { JobSlots } from './job-slots.js'
import type { QueueJob, QueueLink } from './link.js'

/** How long a job counts as run after the last sign of life of its process, in milliseconds; as long as a lease. */
const LOCK_MS = 15_000

/** How often each process looks for jobs whose process has died, in milliseconds. */
const STALLED_EVERY_MS = 5_000

/** A job that keeps crashing its process must not be retried for ever: the fifth crash fails it. */
const MOST_STALLED = 4

/** A job whose function is not known here goes back for so long, as long as that; in milliseconds. */
const UNKNOWN_RETRY_MS = 1_000
const UNKNOWN_PATIENCE_MS = 60_000

/** How long a value waits for who gave the job, in milliseconds; more than the queue keeps the job. */
const HANDOVER_MS = 120_000

const KEEP_RETRY_MS = 1_000

/** Runs jobs of the queue in this process, whoever gave them. */
export class Runner {
  readonly #link: QueueLink
  readonly #functions: ReadonlyMap<string, WrappedFunction>
  readonly #concurrency: number
  readonly #running = new Map<string, JobRun>()
  readonly #here = new HereRunner()
  readonly #slots: JobSlots
  readonly #pool: ReturnType<typeof processPool>
  #limits: BackendLimits = {}
  #starting: Promise<void> | undefined
  #worker: Worker<JobData, Returned> | undefined
  #closing = false

  constructor(link: QueueLink, functions: ReadonlyMap<string, WrappedFunction>, concurrency: number) {
    this.#link = link
    this.#functions = functions
    this.#concurrency = concurrency
    this.#slots = new JobSlots(concurrency)
    this.#pool = processPool({ size: Math.max(1, concurrency) })
  }

  get size(): number {
    return this.#running.size
  }

  get abandoned(): number {
    return this.#here.abandoned
  }

  runs(id: string): boolean {
    return this.#running.has(id)
  }

  limit(limits: BackendLimits): void {
    this.#limits = limits
  }

  /** Once, when all functions that are wrapped in the same tick are known. */
  start(): void {
    if (this.#concurrency === 0) return
    this.#starting ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#start())
    this.#starting.catch(() => {}) // Jobs that are given tell why.
  }

  /** Takes no more jobs, and waits for those that run. */
  async drain(ms: number): Promise<void> {
    await this.#worker?.pause(true)
    for (const until = Date.now() + ms; this.#running.size > 0 && Date.now() < until; )
      await pause(Math.min(20, until - Date.now()))
  }

  /** What runs still goes back into the queue, for others. */
  async close(): Promise<void> {
    this.#closing = true
    for (const run of this.#running.values()) run.abort(interrupted())
    await this.#pool.close()
  }

  async #start(): Promise<void> {
    // Before it takes a job, whose cancel it would not hear otherwise.
    const cancels = await this.#link.listen(cancelStream(this.#link.name))
    cancels.on<ToldToRunners>('cancel', ({ jobId, code, message }: ToldCancel) =>
      this.#running.get(jobId)?.abort(new RaincheckError(code as ErrorCode, message)),
    )
    if (this.#closing) return
    const { rateLimit } = this.#limits
    const worker = await this.#link.work((job, token) => this.#process(job, token), {
      concurrency: this.#concurrency,
      ...(rateLimit ? { limiter: { max: rateLimit.starts, duration: rateLimit.per } } : {}),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      maxStalledCount: MOST_STALLED,
      runRetryDelay: KEEP_RETRY_MS,
    })
    this.#worker = worker
    this.#slots.worker = worker
    // Another process runs these by now: whatever they come to here is refused.
    worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#running.get(id)?.abort(interrupted())
    })
  }

  async #process(job: QueueJob, token: string | undefined): Promise<Returned> {
    const { id = '', data } = job
    const known = this.#functions.get(data.function)
    if (!known) return this.#passOn(job, token)
    const facts = {
      ref: id as Ref,
      scope: data.scope,
      attempt: data.attempt + job.attemptsMade,
      answers: data.answers,
    }
    const run = new JobRun(job, this.#link, facts)
    const slot = this.#slots.take({ ref: facts.ref, name: job.name })
    this.#running.set(id, run)
    try {
      if (job.stalledCounter > 0 && !known.resume) throw interrupted()
      const given = { ...facts, name: job.name, priority: 0, work: known.work }
      const value = await this.#invoke({ ...given, input: defaultSerializer.parse(data.input) }, run, slot)
      await run.flush()
      return await this.#keep(id, defaultSerializer.stringify(value), run)
    } catch (thrown) {
      await run.flush()
      if (run.asked) return { asks: run.asked }
      if (this.#closing && run.aborted) return await this.#giveBack(job, token)
      throw await this.#failure(job, known, run, thrown)
    } finally {
      this.#running.delete(id)
      slot.end()
    }
  }

  /** In a process of its own it may block the processor, without this one losing its jobs. */
  #invoke(job: Job, run: JobRun, slot: Slot): Promise<unknown> {
    return addressOf(job.work) ? this.#pool.run(job, run) : this.#here.run(job, run, slot)
  }

  /** A short value goes with the event; a long one would go to everybody who listens. */
  async #keep(id: string, text: string, run: JobRun): Promise<Returned> {
    if (text.length <= LONGEST_IN_EVENT) return { text }
    const key = `raincheck:handover:${id}:${randomUUID()}`
    for (;;)
      try {
        const { redis } = await this.#link.open()
        await redis.set(key, text, 'PX', HANDOVER_MS)
        return { key }
      } catch (error) {
        // The server is full: what was computed waits until it has room, for as long as this process has the job.
        if (run.aborted) throw error
        await pause(KEEP_RETRY_MS)
      }
  }

  /** @returns What BullMQ is to be told: to try again, or not to. */
  async #failure(job: QueueJob, { retryIf }: WrappedFunction, run: JobRun, thrown: unknown): Promise<Error> {
    const { UnrecoverableError } = await import('bullmq')
    if (run.aborted) return new UnrecoverableError(WITHDRAWN)
    const failure = { error: describeError(thrown), at: Date.now() }
    await job.updateData({ ...job.data, failures: [...job.data.failures, failure] })
    const { message } = failure.error
    const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
    if (isLast || isHopeless(thrown) || isInterrupted(thrown) || retryIf?.(thrown) === false)
      return new UnrecoverableError(message)
    const { id = '' } = job
    const told = { eventName: 'attempt-failed', jobId: id, failure: JSON.stringify(failure) }
    run.tell(() => this.#link.publish(this.#link.name, told))
    await run.flush()
    return new Error(message)
  }

  /** At once, instead of when its lock has run out. */
  async #giveBack(job: QueueJob, token = ''): Promise<never> {
    const { WaitingError } = await import('bullmq')
    await job.moveToWait(token)
    throw new WaitingError()
  }

  /** Another process may know the function, or this one after its next update. */
  async #passOn(job: QueueJob, token = ''): Promise<never> {
    const { DelayedError, UnrecoverableError } = await import('bullmq')
    const { unknownSince = Date.now() } = job.data
    if (Date.now() - unknownSince > UNKNOWN_PATIENCE_MS) {
      const error = describeError(notRegistered(job.data.function))
      await job.updateData({ ...job.data, failures: [...job.data.failures, { error, at: Date.now() }] })
      throw new UnrecoverableError(error.message)
    }
    if (job.data.unknownSince === undefined) await job.updateData({ ...job.data, unknownSince })
    await job.moveToDelayed(Date.now() + UNKNOWN_RETRY_MS, token)
    throw new DelayedError()
  }
}

function isInterrupted(thrown: unknown): boolean {
  return thrown instanceof RaincheckError && thrown.code === 'INTERRUPTED'
}

function notRegistered(functionId: string): RaincheckError {
  return new RaincheckError(
    'FUNCTION_NOT_REGISTERED',
    `no process that takes jobs of this queue knows the function ${functionId}; start one that wraps it, then retry`,
  )
}
