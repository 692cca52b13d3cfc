import type {
  ConnectionOptions,
  Job,
  Queue,
  QueueEvents,
  QueueEventsProducer,
  Worker,
  WorkerOptions,
} from 'bullmq'
import type { Redis, RedisOptions } from 'ioredis'
import { RaincheckError } from '../../core/words/errors.js'
import { orLate } from '../../core/words/timers.js'
import { EVENTS_KEPT, type JobData, type Returned } from './job-data.js'

export type { RedisOptions }

/** How long a close waits for a server that may be away, in milliseconds. */
const CLOSE_MS = 5_000

/** The longest wait before another try to connect, in milliseconds: so long, too, a closed process may stay that had lost its server. */
const LAST_RETRY_MS = 1_000

type Peers = { bullmq: typeof import('bullmq'); Redis: typeof import('ioredis').Redis }

export type QueueJob = Job<JobData, Returned>

/** What is open of a queue. */
export interface OpenQueue {
  redis: Redis
  queue: Queue<JobData, Returned>
}

/**
 * The connections of this process to one queue, which are opened by the first use. When the server is away they come back by
 * themselves, and what was asked for meanwhile is done then.
 */
export class QueueLink {
  readonly name: string
  readonly #connection: RedisOptions & { url?: string }
  readonly #globalConcurrency: number | undefined
  readonly #closers: ((isAway: boolean) => Promise<unknown>)[] = []
  readonly #cutters: (() => Promise<unknown>)[] = []
  readonly #producers = new Map<string, QueueEventsProducer>()
  #redis: Redis | undefined
  #opening: Promise<OpenQueue> | undefined
  #closed = false
  #control: Promise<unknown> = Promise.resolve()
  paused = false

  constructor(name: string, connection: string | RedisOptions, globalConcurrency: number | undefined) {
    this.name = name
    this.#globalConcurrency = globalConcurrency
    const given = typeof connection === 'string' ? { url: connection } : connection
    // A process that dies takes what it asked for with it; one that lives asks until it is answered.
    const retryStrategy = (times: number) => (this.#closed ? null : Math.min(LAST_RETRY_MS, 50 * times))
    this.#connection = { ...given, maxRetriesPerRequest: null, retryStrategy }
  }

  open(): Promise<OpenQueue> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** Hears the events of the queue from now on, or those of another stream beside it. */
  async listen(stream = this.name): Promise<QueueEvents> {
    const { redis } = await this.open()
    const { bullmq } = await loadPeers()
    const [seconds, micros] = await redis.time()
    // Told where to begin, it misses nothing that happens before it is connected.
    const lastEventId = `${Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) - 1}-0`
    const connection = this.#options()
    const events = new bullmq.QueueEvents(stream, { connection, lastEventId })
    this.#own(events)
    return events
  }

  async work(
    process: (job: QueueJob, token?: string) => Promise<Returned>,
    options: Omit<WorkerOptions, 'connection'>,
  ): Promise<Worker<JobData, Returned>> {
    const { bullmq } = await loadPeers()
    const worker = new bullmq.Worker<JobData, Returned>(this.name, process, {
      connection: this.#options(),
      ...options,
    })
    this.#own(worker)
    return worker
  }

  /** Tells all who listen to a stream. */
  async publish(stream: string, told: { eventName: string } & Record<string, string>): Promise<void> {
    const { redis } = await this.open()
    const { bullmq } = await loadPeers()
    const producer =
      this.#producers.get(stream) ?? new bullmq.QueueEventsProducer(stream, { connection: redis })
    this.#producers.set(stream, producer)
    await producer.publishEvent(told, EVENTS_KEPT)
  }

  /** Of the whole queue, on all machines. */
  setPaused(paused: boolean): void {
    this.paused = paused
    this.#control = this.#control
      .then(async () => {
        const { queue } = await this.open()
        await (paused ? queue.pause() : queue.resume())
      })
      .catch(() => {})
  }

  /** Resolves once the queue is paused or resumed as was last asked for. */
  controlled(): Promise<unknown> {
    return this.#control
  }

  /** Whoever waits for an answer still is told that the connection is closed. */
  async close(): Promise<void> {
    this.#closed = true
    const isAway = this.#redis?.status !== 'ready'
    const closing = Promise.all([
      this.#control,
      ...this.#closers.map((close) => close(isAway).catch(() => {})),
    ])
    // A server that is away would be waited for.
    if (!isAway) await orLate(closing, CLOSE_MS)
    this.#redis?.disconnect()
    for (const cut of this.#cutters) void cut().catch(() => {})
  }

  async #open(): Promise<OpenQueue> {
    const { bullmq, Redis } = await loadPeers()
    const { url, ...options } = this.#connection
    const redis = url === undefined ? new Redis(options) : new Redis(url, options)
    redis.on('error', () => {}) // It reconnects by itself.
    this.#redis = redis
    if (this.#closed) redis.disconnect()
    const queue = new bullmq.Queue<JobData, Returned>(this.name, {
      connection: redis,
      streams: { events: { maxLen: EVENTS_KEPT } },
    })
    queue.on('error', () => {})
    if (this.#globalConcurrency !== undefined) await queue.setGlobalConcurrency(this.#globalConcurrency)
    if (!this.paused) this.paused = await queue.isPaused()
    return { redis, queue }
  }

  #own(
    part: Pick<QueueEvents | Worker, 'close' | 'disconnect'> & {
      on(name: 'error', listener: () => void): unknown
    },
  ) {
    part.on('error', () => {}) // Whoever waits has a deadline; the connection comes back.
    // A worker that waits for its jobs while the server is away renews their locks for as long as the process lives.
    this.#closers.push((isAway) => part.close(isAway))
    const cut = () => part.disconnect()
    this.#cutters.push(cut)
    if (!this.#closed) return
    void part.close(true).catch(() => {})
    void cut().catch(() => {})
  }

  /** A copy: the libraries write into what they are given. BullMQ's type of the same options forbids `undefined`. */
  #options(): ConnectionOptions {
    return { ...this.#connection } as ConnectionOptions
  }
}

/** bullmq and ioredis, optional peers. @throws RaincheckError `MISSING_PEER` */
export async function loadPeers(): Promise<Peers> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')])
    return { bullmq, Redis }
  } catch (cause) {
    throw new RaincheckError(
      'MISSING_PEER',
      'the BullMQ backend needs bullmq and ioredis: run `npm install bullmq ioredis`',
      {
        cause,
      },
    )
  }
}
