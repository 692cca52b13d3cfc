const cycle: Record<string, unknown> = { n: 1 }
cycle.self = cycle

const shared = new Map([['a', 1n]])

class Point {
  readonly x = 1
  #y = 2
  get y() {
    return this.#y
  }
}

class Money {
  toJSON() {
    return { euros: 5n }
  }
}

/** An object in an object, so many in all. */
function nested(levels: number, innermost: unknown): unknown {
  let value = innermost
  for (let level = 0; level < levels; level++) value = { in: value }
  return value
}

/** What a value is as JSON, whoever tells it: [what that is, the value, the JSON parsed]. */
export const jsonForms: [string, unknown, unknown][] = [
  ['the list of its entries for a Map', new Map([['a', new Map([['b', 1n]])]]), [['a', [['b', '1']]]]],
  ['a list for a Set', new Set(['one', 'two']), ['one', 'two']],
  ['its digits for a BigInt', 2n ** 64n, '18446744073709551616'],
  [
    'its name and message, without a stack, for an Error',
    new RangeError('too wide'),
    { name: 'RangeError', message: 'too wide' },
  ],
  ['its text for a URL', new URL('https://docs.example/a?b=1#c'), 'https://docs.example/a?b=1#c'],
  ['its text for a RegExp', /a+b/gi, '/a+b/gi'],
  ['its ISO text for a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['null for a Date that is none', new Date(Number.NaN), null],
  ['base64 for a Buffer', Buffer.from('hi'), 'aGk='],
  ['base64 for an ArrayBuffer', Uint8Array.from([104, 105]).buffer, 'aGk='],
  ['base64 of its part for a view of a buffer', Uint8Array.from([0, 104, 105]).subarray(1), 'aGk='],
  ['its fields for an instance of a class', new Point(), { x: 1 }],
  ['what its toJSON returns for an object with one', new Money(), { euros: '5' }],
  ['nothing for a field that is undefined or a function', { a: undefined, b: () => 1, c: 2n }, { c: '2' }],
  ['null for the same in a list', [undefined, () => 1, 2n], [null, null, '2']],
  ['whole twice for what is in two places', [shared, shared], [[['a', '1']], [['a', '1']]]],
  ['a text where it refers to itself', cycle, { n: 1, self: '[circular]' }],
  ['the same within a Map', [new Map([['a', cycle]])], [[['a', { n: 1, self: '[circular]' }]]]],
  // What is told of it may add a level.
  ['whole to a depth of 499', nested(499, 1), nested(499, 1)],
]

/** Nests deeper than any data that people write. */
export const tooDeep = nested(600, 1)
