// Compares two sides in one run: they take turns, and the ratio is taken turn by turn, so that a machine that gets
// slower for a while slows both. What counts is the median of the ratios.

/**
 * Prints `name, ours, theirs, ratio, target`, and answers whether the target is met.
 * @param ours Does the work once and resolves to how long one operation took, in microseconds; so does `theirs`.
 * @param target The ratio ours/theirs may be at most this; with `rates`, it must be at least this.
 */
export async function compare({ name, target, ours, theirs, rounds = 9, unit = 'µs', rates = false }) {
  await ours()
  await theirs()
  const pairs = []
  for (let round = 0; round < rounds; round++) {
    const pair = {}
    for (const side of round % 2 ? ['theirs', 'ours'] : ['ours', 'theirs']) {
      globalThis.gc?.()
      pair[side] = await (side === 'ours' ? ours : theirs)()
    }
    pairs.push({ ...pair, ratio: pair.ours / pair.theirs })
  }
  const ratio = median(pairs.map((pair) => pair.ratio))
  const met = rates ? ratio >= target : ratio <= target
  const shown = (side) => `${format(median(pairs.map((pair) => pair[side])))} ${unit}`
  row(
    name,
    shown('ours'),
    shown('theirs'),
    ratio.toFixed(2),
    `${rates ? 'at least' : 'at most'} ${target}`,
    met,
  )
  return met
}

/** Prints one line of the table. */
export function row(name, ours, theirs, ratio, target, met) {
  const cells = [
    name.padEnd(52),
    ours.padStart(12),
    theirs.padStart(12),
    ratio.padStart(7),
    target.padStart(14),
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

/** Operations a second, when `count` are made with `atOnce` under way. */
export async function rate(count, atOnce, operation) {
  const startedAt = performance.now()
  let next = 0
  const lane = async () => {
    while (next < count) await operation(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return (count * 1_000) / (performance.now() - startedAt)
}

function median(numbers) {
  return numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)]
}

function format(number) {
  return number >= 100 ? Math.round(number).toLocaleString('en') : number.toPrecision(3)
}
