import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { ModuleAddress } from '../../core/options/from-module.js'
import { askAll } from '../../core/task/handle.js'
import { whyUnstorable } from '../../core/values/why-unstorable.js'
import type { Job, JobContext } from '../../core/words/backend.js'
import { RaincheckError, reviveError } from '../../core/words/errors.js'
import { MemoryExceeded } from './memory-exceeded.js'
import { type FromChild, OVER_MEMORY_LIMIT, type ToChild } from './messages.js'

/** How long a child is kept without a task: longer than people pause between commands, in milliseconds. */
const IDLE_MS = 30_000

/** How much of what a child printed is kept to explain a crash, in characters. */
const LAST_WORDS = 2_000

/** How long the last words of a child that has ended may take, in milliseconds; what it started may hold its pipes. */
const LAST_WORDS_MS = 500

/** What V8 and those who allocate beside it print when there is no more memory, and what the child's watch prints. */
const NO_MEMORY = new RegExp(`out of memory|bad_alloc|memory allocation of|${OVER_MEMORY_LIMIT}`)

interface Running {
  context: JobContext
  resolve(value: unknown): void
  reject(error: unknown): void
  /** Why it is killed. */
  aborted?: { reason: unknown }
}

/** One child process of a pool, with at most one task. It keeps the parent alive only while it has one. */
export class PoolChild {
  readonly #process: ChildProcess
  readonly #exited: Promise<void>
  readonly #memoryLimit: number | undefined
  #running: Running | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #lastWords = ''
  #hadNoMemory = false
  #isFull = false
  /** Or is about to end: it gets no more tasks. */
  #ended = false

  constructor(memoryLimit: number | undefined, onExit: () => void) {
    this.#memoryLimit = memoryLimit
    const watched = memoryLimit === undefined ? [] : [String(memoryLimit)]
    this.#process = fork(new URL('./child-main.js', import.meta.url), watched, {
      // A child must not wait for a debugger of its own; loaders and the like it needs.
      execArgv: [
        ...process.execArgv.filter((argument) => !argument.startsWith('--inspect')),
        ...(memoryLimit === undefined ? [] : [`--max-old-space-size=${memoryLimit}`]),
      ],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#process.on('message', (message: FromChild) => this.#onMessage(message))
    for (const pipe of [this.#process.stdout, this.#process.stderr]) {
      pipe?.on('data', (text) => this.#onPrint(text))
      unrefPipe(pipe)
    }
    this.#exited = new Promise((resolve) => {
      const end = (how: string) => {
        this.#onEnd(how)
        onExit()
        resolve()
      }
      this.#process.once('exit', (code, signal) => {
        this.#ended = true
        const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`
        // What it printed last may come after its end.
        const timer = setTimeout(end, LAST_WORDS_MS, how)
        this.#process.once('close', () => {
          clearTimeout(timer)
          end(how)
        })
      })
      this.#process.once('error', (error) => end(`could not be started: ${error.message}`))
    })
    this.#rest()
  }

  get idle(): boolean {
    return !this.#running && !this.#ended
  }

  load(address: ModuleAddress): void {
    this.#send({ type: 'load', address })
  }

  async run(
    address: ModuleAddress,
    { input, ref, scope, attempt, answers }: Job,
    context: JobContext,
  ): Promise<unknown> {
    let stop = () => {}
    try {
      return await new Promise((resolve, reject) => {
        const running: Running = { context, resolve, reject }
        this.#running = running
        this.#wake()
        this.#send({ type: 'run', address, input, ref, scope, attempt, answers })
        stop = context.onAbort((reason) => {
          running.aborted = { reason }
          void this.kill()
        })
      })
    } finally {
      stop()
      this.#running = undefined
      if (this.#isFull) void this.kill()
      else this.#rest()
    }
  }

  /** Resolves when the process is gone. */
  kill(): Promise<void> {
    this.#ended = true
    this.#process.ref()
    this.#process.kill('SIGKILL')
    return this.#exited
  }

  #send(message: ToChild): void {
    try {
      // An error here means that the process is ending; its end is told by its exit.
      this.#process.send(message, () => {})
    } catch (cause) {
      const why = whyUnstorable('input', Reflect.get(message, 'input'), 'be sent to another process')
      this.#running?.reject(new RaincheckError('INVALID_INPUT', `${why}; pass plain data`, { cause }))
    }
  }

  #onMessage(message: FromChild): void {
    if ('isFull' in message) this.#isFull = message.isFull
    if (!this.#running) return
    const { context, resolve, reject } = this.#running
    if (message.type === 'progress') context.task.progress(message.report)
    else if (message.type === 'log') context.task.log(message.line)
    else if (message.type === 'ask') askAll(context.task, message.requests)
    else if (message.type === 'value') resolve(message.value)
    else reject(reviveError(message.error))
  }

  #onPrint(data: Buffer): void {
    const text = data.toString()
    const words = this.#lastWords + text
    // Looked for before the rest is cut off: V8 lists its calls after it.
    this.#hadNoMemory ||= NO_MEMORY.test(words)
    this.#lastWords = words.slice(-LAST_WORDS)
    for (const line of text.split('\n')) if (line !== '') this.#running?.context.task.log(line)
  }

  #onEnd(how: string): void {
    this.#ended = true
    clearTimeout(this.#idleTimer)
    this.#running?.reject(this.#running.aborted ? this.#running.aborted.reason : this.#crash(how))
  }

  #crash(how: string): RaincheckError {
    if (this.#hadNoMemory) return new MemoryExceeded(this.#memoryLimit)
    const words = this.#lastWords === '' ? '' : `; it last printed: ${this.#lastWords.trim()}`
    return new RaincheckError('CRASHED', `the process that ran the task ${how}${words}`)
  }

  #wake(): void {
    clearTimeout(this.#idleTimer)
    this.#lastWords = ''
    this.#hadNoMemory = false
    this.#process.ref()
    this.#process.channel?.ref()
  }

  #rest(): void {
    if (this.#ended) return
    this.#process.unref()
    this.#process.channel?.unref()
    this.#idleTimer = setTimeout(() => void this.kill(), IDLE_MS).unref()
  }
}

/** Pipes of a child are sockets, which the types of Node do not tell; alone they are no reason to stay. */
function unrefPipe(pipe: Readable | null): void {
  if (pipe instanceof Socket) pipe.unref()
}
