// Compares two sides in one run. Each side has a process of its own, since what one library does to its process (async
// hooks, types seen by the compiler) would slow the other, too. They take turns, and the ratio is taken turn by turn,
// so that a machine that gets slower for a while slows both. What counts is the median of the ratios. Nobody forces the
// garbage collector: that throws optimised code away as well, and each side pays for its own garbage anyway.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [sideName, rowName, givenFolder] = process.argv.slice(2)
const WARM_UPS = 2

/**
 * Prints `name, ours, theirs, ratio, target`, and whether the target is met. The file that calls it is run once more
 * for each side.
 * @param row.file `import.meta.url` of the caller.
 * @param row.ours Sets its side up, given a temporary folder; answers a function that does the work once and resolves
 *   to how long one operation took, or how many were done in a second. So does `theirs`.
 * @param row.target What ours/theirs may be at most, or with `rates` must be at least. Without a target and a difference nothing is missed.
 * @param row.difference In the place of a target: by how much ours may be more than theirs.
 * @param row.nodeOptions Options of Node for `ours` and `theirs`, where a side needs some.
 * @param row.prepare Fills the temporary folder, before either side is set up.
 * @param row.rounds How many turns count, 9 if not given; `row.warmUps` how many go before them, 2 if not given.
 */
export async function compare(row) {
  if (sideName) return rowName === row.name ? takeTurns(await row[sideName](givenFolder)) : undefined
  const folder = await mkdtemp(join(tmpdir(), 'raincheck-bench-'))
  await row.prepare?.(folder)
  const sides = {}
  for (const side of ['ours', 'theirs']) sides[side] = await startSide(row, side, folder)
  try {
    report(row, await measure(sides, row.rounds ?? 9))
  } finally {
    for (const side of Object.values(sides)) {
      side.disconnect()
      if (side.exitCode === null) await once(side, 'exit')
    }
    await rm(folder, { recursive: true })
  }
}

/** Prints one line of the table. */
export function printRow(name, ours, theirs, ratio, target, met) {
  const cells = [
    name.padEnd(64),
    ours.padStart(11),
    theirs.padStart(11),
    ratio.padStart(6),
    target.padStart(15),
  ]
  console.log(`${cells.join(' ')}  ${met ? 'ok' : 'MISSED'}`)
  if (!met) process.exitCode = 1
}

/** Microseconds that one of `count` operations takes, when they are made one after the other. */
export async function each(count, operation) {
  const startedAt = performance.now()
  for (let index = 0; index < count; index++) await operation(index)
  return ((performance.now() - startedAt) * 1_000) / count
}

/**
 * Microseconds of processor time of that. For differences: those of the clock grow with all else that the machine does, while
 * ratios do not.
 */
export async function eachOnCpu(count, operation) {
  const before = process.cpuUsage()
  await each(count, operation)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

/** Operations a second, when `count` are made with `atOnce` under way. @param end Waits until all has been done. */
export async function rate(count, atOnce, operation, end) {
  const startedAt = performance.now()
  let next = 0
  const lane = async () => {
    while (next < count) await operation(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  await end?.()
  return (count * 1_000) / (performance.now() - startedAt)
}

/** Sorts the numbers. */
export function median(numbers) {
  return numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)]
}

/** In the process of a side. */
function takeTurns(work) {
  process.on('disconnect', () => process.exit())
  process.on('message', async () => process.send({ result: await work() }))
  process.send('ready')
}

async function startSide({ file, name, nodeOptions = {}, warmUps = WARM_UPS }, side, folder) {
  const execArgv = [...process.execArgv, ...(nodeOptions[side] ?? [])]
  const child = fork(fileURLToPath(file), [side, name, folder], { execArgv })
  await reply(child)
  for (let turn = 0; turn < warmUps; turn++) await turnOf(child)
  return child
}

async function measure(sides, rounds) {
  const turns = []
  for (let round = 0; round < rounds; round++) {
    const turn = {}
    for (const side of round % 2 ? ['theirs', 'ours'] : ['ours', 'theirs'])
      turn[side] = await turnOf(sides[side])
    turns.push({ ...turn, ratio: turn.ours / turn.theirs, difference: turn.ours - turn.theirs })
  }
  return (of) => median(turns.map((turn) => turn[of]))
}

async function turnOf(child) {
  child.send('turn')
  return (await reply(child)).result
}

async function reply(child) {
  const ended = new AbortController()
  const message = once(child, 'message', { signal: ended.signal })
  const onExit = (code) => ended.abort(new Error(`a side of the comparison ended with exit code ${code}`))
  child.once('exit', onExit)
  try {
    return (await message)[0]
  } catch (error) {
    throw error.cause ?? error
  } finally {
    child.off('exit', onExit)
  }
}

function report(row, medianOf) {
  const { name, unit = 'µs' } = row
  const shown = (side) => `${format(medianOf(side))} ${unit}`
  const { bound, met } = judge(row, unit, medianOf)
  printRow(name, shown('ours'), shown('theirs'), medianOf('ratio').toFixed(2), bound, met)
}

function judge({ target, difference, rates = false }, unit, medianOf) {
  if (target === undefined && difference === undefined) return { bound: 'no target', met: true }
  if (difference !== undefined)
    return { bound: `at most +${difference} ${unit}`, met: medianOf('difference') <= difference }
  const ratio = medianOf('ratio')
  return rates
    ? { bound: `at least ${target}`, met: ratio >= target }
    : { bound: `at most ${target}`, met: ratio <= target }
}

function format(number) {
  return number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(3)
}
