import { type ChildProcess, fork } from 'node:child_process'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Job, JobContext } from '../core/backend.js'
import { RaincheckError, reviveError } from '../core/errors.js'
import type { ModuleAddress } from '../core/from-module.js'
import type { FromChild, ToChild } from './pool-messages.js'

/** How long a child is kept without a task: longer than people pause between commands, in milliseconds. */
const IDLE_MS = 30_000

/** How much of what a child printed is kept to explain a crash, in characters. */
const LAST_WORDS = 2_000

interface Running {
  context: JobContext
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** One child process of a pool, with at most one task. It keeps the parent alive only while it has one. */
export class PoolChild {
  readonly #process: ChildProcess
  readonly #exited: Promise<void>
  #running: Running | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #lastWords = ''
  #ended = false

  constructor(memoryLimit: number | undefined, onExit: () => void) {
    this.#process = fork(new URL('./pool-child-main.js', import.meta.url), {
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
      this.#process.once('exit', (code, signal) =>
        end(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
      )
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
        this.#running = { context, resolve, reject }
        this.#wake()
        this.#send({ type: 'run', address, input, ref, scope, attempt, answers })
        stop = context.onAbort(() => void this.kill())
      })
    } finally {
      stop()
      this.#running = undefined
      this.#rest()
    }
  }

  /** Resolves when the process is gone. */
  kill(): Promise<void> {
    this.#process.ref()
    this.#process.kill('SIGKILL')
    return this.#exited
  }

  #send(message: ToChild): void {
    try {
      // An error here means that the process is ending; its end is told by its exit.
      this.#process.send(message, () => {})
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#running?.reject(
        new RaincheckError('INVALID_INPUT', `the input cannot be sent to another process: ${reason}`, {
          cause: error,
        }),
      )
    }
  }

  #onMessage(message: FromChild): void {
    const running = this.#running
    if (message.type === 'progress') running?.context.onProgress(message.report)
    else if (message.type === 'log') running?.context.onLog(message.line)
    else if (message.type === 'ask') running?.context.onAsk(message.requests)
    else if (message.type === 'value') running?.resolve(message.value)
    else running?.reject(reviveError(message.error))
  }

  #onPrint(data: Buffer): void {
    const text = data.toString()
    this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS)
    for (const line of text.split('\n')) if (line !== '') this.#running?.context.onLog(line)
  }

  #onEnd(how: string): void {
    this.#ended = true
    clearTimeout(this.#idleTimer)
    const { signal } = this.#running?.context ?? {}
    if (signal?.aborted) this.#running?.reject(signal.reason)
    else
      this.#running?.reject(
        new RaincheckError('CRASHED', `the process that ran the task ${how}${this.#epitaph()}`),
      )
  }

  #epitaph(): string {
    if (this.#lastWords.includes('heap out of memory')) return ': it needed more memory than it may have'
    return this.#lastWords === '' ? '' : `; it last printed: ${this.#lastWords.trim()}`
  }

  #wake(): void {
    clearTimeout(this.#idleTimer)
    this.#lastWords = ''
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
