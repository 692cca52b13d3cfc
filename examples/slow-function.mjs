// Wraps a slow function: a quick value, a handoff, a poll that waits, a hit, and one run for equal calls.
// Run it with: npm run build && node examples/slow-function.mjs
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRaincheck } from 'raincheck'

const rain = createRaincheck() // in memory; { store: 'sqlite:./rain.db' } keeps refs and values beyond this process

let runs = 0
const countPrimes = rain.cached({
  name: 'count-primes',
  asyncTimeout: '250ms', // how long a caller waits before it gets a ref instead of the value
  ttl: '1h', // how long equal calls are answered from the store
})(async ({ upTo, seconds }) => {
  runs++
  await sleep(1_000 * seconds) // something slow
  let primes = 0
  for (let n = 2; n <= upTo; n++) if (isPrime(n)) primes++
  return primes
})

const quick = await countPrimes({ upTo: 100, seconds: 0 })
console.log(`a quick call: ${quick.status}, ${quick.value} primes`)
assert.equal(quick.status, 'complete')
assert.equal(quick.value, 25)

const slow = await countPrimes({ upTo: 1_000, seconds: 1 })
console.log(`a slow call: ${slow.status}, redeem ${slow.ref} in about ${slow.pollAfterMs} ms`)
assert.equal(slow.status, 'processing')

const early = await rain.poll(slow.ref) // answers at once
const redeemed = await rain.poll(slow.ref, { wait: '25s' }) // answers when the work is done, or after 25 s
console.log(`a poll: ${early.status}; a poll that waits: ${redeemed.status}, ${redeemed.value} primes`)
assert.equal(early.status, 'processing')
assert.deepEqual([redeemed.status, redeemed.value], ['complete', 168])

const hit = await countPrimes({ seconds: 1, upTo: 1_000 })
console.log(`the same call again: ${hit.status} from the store, ${runs} runs so far`)
assert.deepEqual([hit.value, hit.ref, runs], [168, slow.ref, 2])

// Calls that are equal while the first one runs share its run; each waits by its own clock.
const [patient, hasty, other] = await Promise.all([
  countPrimes({ upTo: 10_000, seconds: 0.5 }, { asyncTimeout: '10s' }),
  countPrimes({ upTo: 10_000, seconds: 0.5 }, { asyncTimeout: 0 }),
  countPrimes.value({ upTo: 10_000, seconds: 0.5 }), // waits to the end, and resolves to the bare value
])
console.log(`three at once: ${patient.status}, ${hasty.status} and the value ${other}; ${runs} runs in all`)
assert.deepEqual([patient.value, other, hasty.ref], [1_229, 1_229, patient.ref])
assert.equal(runs, 3)

await rain.close()

function isPrime(n) {
  for (let by = 2; by * by <= n; by++) if (n % by === 0) return false
  return true
}
