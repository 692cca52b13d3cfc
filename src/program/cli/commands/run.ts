import { toJson } from '../../../core/values/to-json.js'
import type { Cached, Duration, Raincheck, RedisUrl } from '../../../index.js'
import { cancellable, tellUnkept } from '../convert/foreground.js'
import { ProgressBar } from '../convert/progress-bar.js'
import { submit } from '../convert/submit.js'
import { waitSubmitted } from '../convert/wait-submitted.js'
import { describeRequests } from '../describe-answer.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { type CliFunctions, closeOthers, openFunctions } from '../functions.js'
import { printValue } from '../print.js'
import { onSignals } from '../signals.js'
import { writeOut } from '../stdout.js'
import type { CliStore } from '../store.js'

/** Longer than a worker that has room takes to begin, in milliseconds. */
const HINT_AFTER_MS = 3_000

export interface RunOptions {
  background?: boolean
  asyncTimeout?: Duration
  json?: boolean
}

/** `raincheck run <name> '<json>'`: runs a function of the config file, or a bundled one. */
export async function run(
  name: string,
  input: string | undefined,
  options: RunOptions,
  version: string,
): Promise<ExitCode> {
  const parsed = parseInput(input)
  const { store, all } = await openFunctions(version, name)
  const owner = all.find(({ functions }) => functions.has(name))
  await closeOthers(all, owner)
  const call = owner?.functions.get(name)
  if (!owner || !call) throw new Error(unknownFunction(name, all))
  if (options.background || options.asyncTimeout !== undefined) {
    const answer = await submit(owner, store, () => call(parsed, { asyncTimeout: 0 }))
    return waitSubmitted(answer, options, (value) => {
      tell(value, options)
      return exitCodes.success
    })
  }
  return runHere(owner, store, call, parsed, options)
}

async function runHere(
  { rain, queued }: CliFunctions,
  { redis }: CliStore,
  call: Cached<unknown, unknown>,
  input: unknown,
  options: RunOptions,
): Promise<ExitCode> {
  const bar = await ProgressBar.create()
  tellUnkept(rain, bar)
  rain.on('progress', ({ title, progress }) => bar.show(title, progress))
  rain.on('log', ({ line }) => {
    bar.clear()
    process.stderr.write(`${line}\n`)
  })
  rain.on('ask', ({ ref, requests }) => {
    bar.clear()
    process.stderr.write(`asks ${describeRequests(requests)} (raincheck answer ${ref} <json>)\n`)
  })
  if (queued && redis !== undefined) hintAtWorkers(rain, redis)
  const signals = onSignals(cancellable(rain))
  try {
    const value = await call.value(input)
    bar.clear()
    tell(value, options)
    return exitCodes.success
  } catch (error) {
    bar.clear()
    const received = signals.received()
    if (received === undefined) throw error
    process.stderr.write('raincheck: interrupted; the task is cancelled\n')
    return received
  } finally {
    signals.stop()
    await rain.close()
  }
}

/** Nothing runs here: without a worker it would wait in silence. */
function hintAtWorkers(rain: Raincheck, redis: RedisUrl): void {
  const timer = setTimeout(() => {
    const { host } = new URL(redis)
    process.stderr.write(`raincheck: waits for a worker of ${host}; start one with: raincheck worker\n`)
  }, HINT_AFTER_MS).unref()
  rain.on('start', () => clearTimeout(timer))
}

function tell(value: unknown, { json }: RunOptions): void {
  if (json) writeOut(`${toJson(value)}\n`)
  else printValue(value)
}

function parseInput(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`the input must be JSON, such as '{"n": 5}': ${(error as Error).message}`)
  }
}

function unknownFunction(name: string, all: readonly CliFunctions[]): string {
  const known = all.flatMap(({ functions }) => [...functions.keys()]).join(', ')
  const hint = all.length > 1 ? '' : '; there is no raincheck.config file here or in a folder above'
  return `there is no function ${name}; known are ${known}${hint}`
}
