import { randomFillSync } from 'node:crypto'

declare const valueType: unique symbol

/**
 * The public handle of a task: `rc_` and 22 digits of base 62, which are 131 random bits. Whoever has it, and its scope, has the
 * task. It carries the type of the value, so that `poll(ref)` knows what it answers.
 */
export type Ref<T = unknown> = string & { readonly [valueType]?: T }

/** 22 digits of base 62 hold 131 bits: a ref is a bearer secret and must not be guessed. */
const DIGITS = 22
const PREFIX = 'rc_'
const digits = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')
// Written over by each ref: a text put together digit by digit takes five times as long.
const text = Buffer.from(PREFIX.padEnd(PREFIX.length + DIGITS))

/** Draws a new ref: `rc_` and 22 random base-62 digits. */
export function newRef<T>(): Ref<T> {
  for (let at = PREFIX.length; at < text.length; ) {
    const byte = nextByte()
    // Bytes above 247 (4 × 62) would make the first digits likelier than the others.
    if (byte < 248) text[at++] = digits[byte % 62] as number
  }
  return text.toString('latin1')
}

/** Tells whether a text has the form of a ref; says nothing about whether the task exists. */
export function isRef(text: unknown): text is Ref {
  return typeof text === 'string' && /^rc_[0-9A-Za-z]{22}$/.test(text)
}

// One call into the random source per 4 kB: a call for each ref would be a third of a quick miss.
const pool = new Uint8Array(4096)
let used = pool.length

function nextByte(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return pool[used++] as number
}
