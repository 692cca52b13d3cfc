import { availableParallelism } from 'node:os'
import type { SharedBackend, WrappedFunction } from '../../core/words/backend.js'
import { invalid, refuseUnknown, wholeNumber } from '../../core/words/check-option.js'
import { QueueLink, type RedisOptions } from './link.js'
import { Runner } from './runner.js'
import { Submissions } from './submissions.js'

/** Options of `bullmq`. */
export interface BullmqOptions {
  /** The Redis server: `redis[s]://[[user]:password@]host[:port][/database]`, or options of ioredis. */
  connection: string | RedisOptions
  /** Name of the queue, without a colon. @default 'raincheck' */
  queue?: string
  /** How many tasks of the queue run at once in this process. `0`: it only gives them. @default the number of processors */
  concurrency?: number
  /** How many run at once on all machines. The server keeps it until a process says another. @default no limit */
  globalConcurrency?: number
}

/**
 * Runs tasks on any number of machines, by a BullMQ queue: each process that wraps a function takes tasks of it, up to its
 * `concurrency`. A function made by `fromModule` runs in a child process, which a cancel kills; any other in the process
 * itself, where it must not block the event loop for longer than 10 s, or the task is taken for lost and run again.
 * `pause` and `resume` are of the whole queue. Connections are open until `close()`. Needs the packages `bullmq` and `ioredis`, which
 * are loaded by the first use.
 * @throws RaincheckError `INVALID_OPTION`, naming the option.
 */
export function bullmq(options: BullmqOptions): SharedBackend {
  const { connection, queue, concurrency, globalConcurrency } = resolve(options)
  const link = new QueueLink(queue, connection, globalConcurrency)
  const functions = new Map<string, WrappedFunction>()
  const submissions = new Submissions(link)
  const runner = new Runner(link, functions, concurrency)
  return {
    name: 'bullmq',
    place: `queue ${queue}`,
    capabilities: { abort: 'requested', functions: 'any', perScope: false, rateLimit: true, shared: true },
    limit: (limits) => runner.limit(limits),
    register: (wrapped) => {
      functions.set(wrapped.identity, wrapped)
      runner.start()
    },
    unregister: (identity) => void functions.delete(identity),
    freeKey: (key) => submissions.freeKey(key),
    run: (job, context) => {
      const done = submissions.run(job, context)
      runner.start()
      return done
    },
    setPriority: (ref, priority) => submissions.setPriority(ref, priority),
    stats: () => {
      const { waiting, running } = submissions.stats((id) => runner.runs(id))
      return { waiting, running: running + runner.size, abandoned: runner.abandoned, paused: link.paused }
    },
    pause: () => link.setPaused(true),
    resume: () => link.setPaused(false),
    drain: (ms) => runner.drain(ms),
    close: async () => {
      submissions.close()
      await runner.close()
      await link.close()
    },
  }
}

function resolve(
  options: BullmqOptions,
): Required<Omit<BullmqOptions, 'globalConcurrency'>> & Pick<BullmqOptions, 'globalConcurrency'> {
  refuseUnknown(options, ['connection', 'queue', 'concurrency', 'globalConcurrency'])
  const { connection, queue = 'raincheck', concurrency = availableParallelism(), globalConcurrency } = options
  if (typeof queue !== 'string' || queue === '' || queue.includes(':'))
    throw invalid('queue', 'a name without a colon', queue)
  if (globalConcurrency !== undefined) wholeNumber('globalConcurrency', globalConcurrency, 1)
  return {
    connection: checkConnection(connection),
    queue,
    concurrency: wholeNumber('concurrency', concurrency, 0),
    ...(globalConcurrency === undefined ? {} : { globalConcurrency }),
  }
}

function checkConnection(connection: unknown): string | RedisOptions {
  const isUrl =
    typeof connection === 'string' && /^rediss?:\/\/./.test(connection) && URL.canParse(connection)
  if (isUrl || (typeof connection === 'object' && connection !== null)) return connection as RedisOptions
  // What was given may hold a password.
  throw invalid(
    'connection',
    "a URL such as 'redis://localhost:6379', or options of ioredis",
    typeof connection,
  )
}
