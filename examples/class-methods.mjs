// Classes whose methods are cached, without decorators: wrapped in the constructor, for objects that an id tells apart; or once for the
// class, for objects that only their content tells apart. Run it with: npm run build && node examples/class-methods.mjs
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRaincheck } from 'raincheck'

const rain = createRaincheck()

/** Each object wraps its methods in its constructor. The raincheck does not keep objects that nothing else holds. */
class Station {
  measurements = 0
  #offset

  constructor(place, offset) {
    this.#offset = offset
    // The arrow function brings `this` along, however the method is called.
    this.temperature = rain.cached({ name: 'temperature', asyncTimeout: '1s', ttl: '1h', instance: place })(
      ({ day }, task) => this.#measure(day, task),
    )
  }

  async #measure(day, task) {
    this.measurements++
    await sleep(50, undefined, { signal: task.signal })
    return day + this.#offset
  }
}

const bergen = new Station('Bergen', 10)
const cairo = new Station('Cairo', 30)
const { temperature } = bergen // needs no `this`
const first = await temperature({ day: 1 })
const again = await bergen.temperature({ day: 1 })
const there = await cairo.temperature({ day: 1 })
const degrees = [first.value, again.value, there.value]
console.log(`Bergen: ${degrees[0]}, again ${degrees[1]}; Cairo: ${degrees[2]}; each was measured once`)
assert.deepEqual(degrees, [11, 11, 31])
assert.deepEqual([bergen.measurements, cairo.measurements], [1, 1])

const moved = new Station('Cairo', 31) // takes the place of the one before, and shares its values
const { value } = await moved.temperature({ day: 1 })
console.log(`another one for Cairo: ${value}, which it need not measure`)
assert.deepEqual([value, moved.measurements], [31, 0])
await moved.temperature.forget({ day: 1 })
assert.equal((await moved.temperature({ day: 1 })).value, 32)

/** Or the method is wrapped once, for the class, and is given the object. */
class Account {
  statements = 0
  #owner
  #balance = 0
  #revision = 0

  // An instance has no content to compare, so that `key` picks what a statement depends on. It cannot be stored either: on a store that
  // outlives the process, give an id in its place if other processes are to go on with a task (or `task.ask` is used).
  static #statement = rain.cached({
    name: 'statement',
    asyncTimeout: '200ms',
    ttl: '1h',
    key: ({ account, month }) => [account.#revision, month],
    title: ({ account, month }) => `${account.#owner}, ${month}`,
  })(({ account, month, pages }, task) => account.#print(month, pages, task))

  constructor(owner) {
    this.#owner = owner
  }

  deposit(amount) {
    this.#balance += amount
    this.#revision++ // what was computed before answers no more
  }

  /** Each instance has a scope of its own: values, refs and lists never cross it. */
  statement(month, pages = 1) {
    return Account.#statement({ account: this, month, pages }, { scope: this.#owner })
  }

  /** Has poll, cancel, retry, list and forget for the tasks of this instance. */
  get tasks() {
    return rain.scope(this.#owner)
  }

  async #print(month, pages, task) {
    this.statements++
    for (let current = 1; current <= pages; current++) {
      await sleep(50, undefined, { signal: task.signal })
      task.progress({ current, total: pages })
    }
    return `${this.#owner} had ${this.#balance} in ${month}`
  }
}

const [ann, bob] = [new Account('ann'), new Account('bob')]
ann.deposit(100)
bob.deposit(5)
const statements = [await ann.statement('May'), await ann.statement('May'), await bob.statement('May')]
const texts = statements.map(({ value }) => value)
console.log(texts.join('; '))
assert.deepEqual(texts, ['ann had 100 in May', 'ann had 100 in May', 'bob had 5 in May'])
assert.deepEqual([ann.statements, bob.statements], [1, 1])

ann.deposit(20)
const fresh = await ann.statement('May')
console.log(`after a deposit: ${fresh.value}`)
assert.equal(fresh.value, 'ann had 120 in May')

const long = await bob.statement('June', 10)
const redeemed = await bob.tasks.poll(long.ref, { wait: '10s' })
console.log(`a long one: ${long.status}, then ${redeemed.status}: ${redeemed.value}`)
assert.deepEqual([long.status, redeemed.value], ['processing', 'bob had 5 in June'])

const titles = (await bob.tasks.list()).tasks.map(({ title }) => title)
assert.deepEqual(titles, ['bob, June', 'bob, May'])
await assert.rejects(ann.tasks.poll(long.ref), { code: 'REF_NOT_FOUND' })
console.log(`bob has the tasks ${titles.join(' and ')}; for ann their refs are unknown`)

await rain.close()
