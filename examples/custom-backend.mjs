// A custom backend: a fixed number of worker threads. It passes the suite that every backend passes, and runs cached calls
// that block their thread but never this process. Run it with: npm run build && node examples/custom-backend.mjs
import assert from 'node:assert/strict'
import { on } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { addressOf, createRaincheck, createTaskHandle, fromModule } from 'raincheck'
import { backendContract } from 'raincheck/testing'

/** A `TaskBackend`: runs functions made by `fromModule` in `size` threads. An abort ends the thread, even in an endless loop. */
class WorkerThreads {
  name = 'worker-threads'
  // What it says that it cannot do is refused when somebody asks for it, and not ignored.
  capabilities = { abort: 'killed', functions: 'module', perScope: false, rateLimit: false }
  #size
  #waiting = []
  #threads = new Set()
  #idle = []
  #running = 0
  #paused = false

  constructor({ size }) {
    this.#size = size
  }

  limit() {}

  run(job, context) {
    return new Promise((resolve, reject) => {
      const turn = { job, context, priority: job.priority, thread: undefined, resolve, reject }
      this.#waiting.push(turn)
      context.onAbort((reason) => this.#abort(turn, reason))
      this.#startNext()
    })
  }

  setPriority(ref, priority) {
    for (const turn of this.#waiting) if (turn.job.ref === ref) turn.priority = priority
  }

  stats() {
    return { waiting: this.#waiting.length, running: this.#running, abandoned: 0, paused: this.#paused }
  }

  pause() {
    this.#paused = true
  }

  resume() {
    this.#paused = false
    this.#startNext()
  }

  async close() {
    await Promise.all([...this.#threads].map((thread) => thread.terminate()))
  }

  #abort(turn, reason) {
    turn.reject(reason)
    this.#waiting = this.#waiting.filter((other) => other !== turn)
    turn.thread?.terminate()
  }

  #startNext() {
    while (!this.#paused && this.#running < this.#size && this.#waiting.length > 0) {
      this.#waiting.sort((one, other) => other.priority - one.priority) // equal ones keep their order
      this.#start(this.#waiting.shift())
    }
  }

  async #start(turn) {
    this.#running++
    const thread = this.#idle.pop() ?? this.#open()
    turn.thread = thread
    thread.ref()
    try {
      turn.resolve(await runInThread(thread, turn))
    } catch (error) {
      turn.reject(error)
    }
    turn.thread = undefined
    thread.unref() // a thread with nothing to do keeps no process alive
    if (this.#threads.has(thread)) this.#idle.push(thread)
    this.#running--
    this.#startNext()
  }

  #open() {
    const thread = new Worker(new URL(import.meta.url))
    this.#threads.add(thread)
    for (const end of ['error', 'exit']) thread.on(end, () => this.#threads.delete(thread))
    return thread
  }
}

/** Gives a thread its job, and passes on what comes from there. An error of the thread itself ends the loop, too. */
async function runInThread(thread, { job, context }) {
  const { ref, scope, attempt, input, answers, work } = job
  const { task } = context
  context.onStart()
  thread.postMessage({ ref, scope, attempt, input, answers, address: addressOf(work) })
  for await (const [message] of on(thread, 'message', { close: ['exit'] })) {
    if ('progress' in message) task.progress(message.progress)
    else if ('line' in message) task.log(message.line)
    else if ('requests' in message)
      for (const [key, request] of Object.entries(message.requests)) task.ask(key, request).catch(() => {})
    else if ('error' in message) throw Object.assign(new Error(), message.error)
    else return message.value
  }
  throw new Error('the thread ended before its function did')
}

/** What a thread does. Its signal never aborts: the thread would be gone. */
function serveJobs() {
  const { signal } = new AbortController()
  const reports = {
    signal,
    progress: (progress) => parentPort.postMessage({ progress }),
    log: (line) => parentPort.postMessage({ line }),
    ask: (requests) => parentPort.postMessage({ requests }),
  }
  parentPort.on('message', async ({ input, address, ...facts }) => {
    try {
      const module = await import(address.url)
      const work = address.path.reduce((found, name) => found[name], module)
      parentPort.postMessage({ value: await work(input, createTaskHandle(facts, reports)) })
    } catch (error) {
      const { name, message, stack } = error
      // Its own properties, such as a code or a status, but no objects: they may hold secrets, or what cannot be sent.
      const own = Object.entries(error).filter(([, value]) => /string|number|boolean/.test(typeof value))
      parentPort.postMessage({ error: { ...Object.fromEntries(own), name, message, stack } })
    }
  })
}

/** Blocks its thread for a while. */
export function countPrimes({ upTo }, task) {
  let primes = 0
  for (let n = 2; n <= upTo; n++) {
    if (n % 10_000 === 0) task.progress({ current: n, total: upTo })
    let by = 2
    while (by * by <= n && n % by !== 0) by++
    if (by * by > n) primes++
  }
  return primes
}

/** Blocks its thread for ever. */
export function spin() {
  for (;;);
}

if (isMainThread) {
  await keepContract()
  await runCachedCalls()
} else serveJobs()

/** In a test file the runner is `{ describe, it }` of node:test, vitest, mocha or jest. */
async function keepContract() {
  const tests = []
  const runner = { describe: (_, body) => body(), it: (name, body) => tests.push({ name, body }) }
  const make = () => ({ backend: new WorkerThreads({ size: 2 }) })
  backendContract(runner, { name: 'worker threads', perScope: false, rateLimit: false, make })
  for (const { name, body } of tests) {
    await body()
    console.log(`  passed: ${name}`)
  }
  console.log(`the contract of backends: ${tests.length} tests passed`)
}

async function runCachedCalls() {
  const rain = createRaincheck({ backend: new WorkerThreads({ size: 2 }) })
  const here = new URL(import.meta.url)
  const primes = rain.cached({ name: 'primes', asyncTimeout: '100ms', ttl: '1h' })(
    fromModule(here, 'countPrimes'),
  )
  const endless = rain.cached({ name: 'endless', asyncTimeout: '100ms' })(fromModule(here, 'spin'))

  const [one, two, three] = await Promise.all([endless(1), endless(2), primes({ upTo: 200_000 })])
  const { running, waiting } = rain.queue.stats()
  console.log(`both threads loop for ever: ${running} tasks run, ${waiting} waits`)
  assert.deepEqual([one.status, two.status, three.status], ['processing', 'processing', 'pending'])

  const cancelled = await rain.cancel(one.ref)
  const answer = await rain.poll(three.ref, { wait: '20s' })
  console.log(`one is cancelled (${cancelled}), and the third gets its thread: ${answer.value} primes`)
  assert.deepEqual([answer.status, answer.value], ['complete', 17_984])
  assert.equal(answer.value, await primes.value({ upTo: 200_000 }))

  await rain.cancel(two.ref)
  await rain.close()
  const limited = () => createRaincheck({ backend: new WorkerThreads({ size: 2 }), perScope: 1 })
  assert.throws(limited, ({ message }) => {
    console.log(`with a limit that it does not keep: ${message}`)
    return message.startsWith('perScope must be left out')
  })
}
