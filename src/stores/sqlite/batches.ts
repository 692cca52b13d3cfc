import { type Deferred, deferred } from '../../core/words/deferred.js'

/** As many rows as one statement takes: more save little, and hold up who comes after them. */
const LARGEST = 100

/**
 * Gathers what is asked for in one tick, and then whatever is asked for while a batch is under way, into the next batch:
 * a statement costs SQLite as much as ten rows do. One that is asked for alone goes out at once.
 * @param id What no batch may hold twice.
 * @param run Answers in the order of the items. When it fails, so do all of its batch.
 */
export function inBatches<Item, Result>(
  id: (item: Item) => string,
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  let waiting: Asked<Item, Result>[] = []
  let isBusy = false

  const runAll = async () => {
    isBusy = true
    // What is asked for in the same tick goes with it.
    await Promise.resolve()
    while (waiting.length > 0) {
      const [batch, rest] = takeBatch(waiting, id)
      waiting = rest
      await runBatch(batch, run)
    }
    isBusy = false
  }

  return (item) => {
    const asked = { item, answer: deferred<Result>() }
    waiting.push(asked)
    if (!isBusy) void runAll()
    return asked.answer.promise
  }
}

interface Asked<Item, Result> {
  item: Item
  answer: Deferred<Result>
}

function takeBatch<Item, Result>(
  waiting: readonly Asked<Item, Result>[],
  id: (item: Item) => string,
): [batch: Asked<Item, Result>[], rest: Asked<Item, Result>[]] {
  const ids = new Set<string>()
  let end = 0
  for (const { item } of waiting) {
    if (end === LARGEST || ids.has(id(item))) break
    ids.add(id(item))
    end++
  }
  return [waiting.slice(0, end), waiting.slice(end)]
}

async function runBatch<Item, Result>(
  batch: readonly Asked<Item, Result>[],
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item))
    for (const [at, { answer }] of batch.entries()) answer.resolve(results[at] as Result)
  } catch (error) {
    for (const { answer } of batch) answer.reject(error)
  }
}
