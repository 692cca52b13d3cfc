import fc from 'fast-check'

/** A request as it goes over the wire; nothing keeps it from being wrong. */
export interface HostileRequest {
  method: string
  target: string
  headers: [name: string, value: string][]
  body: string
}

export interface Known {
  /** Refs of the one who asks, and of somebody else. */
  own: string[]
  foreign: string[]
  token: string
}

const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '..',
    '../../etc/passwd',
    '%',
    '%2e%2e%2f',
    '%c0%af',
    '%00',
    '\u2028',
    '🧨',
    '\ud800',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    "' OR 1=1 --",
    '{{7*7}}',
    '<script>',
    'x'.repeat(10_000),
  ),
)

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  odd,
  fc.constantFrom(1e308, -0, 2 ** 53, '['.repeat(5_000), { __proto__: { polluted: true } }, [[[[]]]]),
)

/** JSON texts that no value gives. */
const brokenJson = fc.constantFrom(
  ...[
    '{',
    '{"function":',
    'null',
    '[]',
    '""',
    '{"function":"echo","function":"failing"}',
    '{"__proto__":{"a":1}}',
  ],
  ...[`{"function":"echo","input":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, '\ufeff{"function":"echo"}'],
  ...[`{"function":"echo","input":"${'y'.repeat(60_000)}"}`, '{"function":"echo","input":1e999}', '\0'],
)

const names = fc.constantFrom(
  'echo',
  'failing',
  'slow',
  'strict',
  'refusing',
  'nobody',
  '__proto__',
  'constructor',
)

function mostly<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })
}

/** Most are right but for one thing. */
const call = fc.record(
  {
    function: fc.oneof({ weight: 8, arbitrary: names }, { weight: 1, arbitrary: json }),
    input: json,
    asyncTimeout: mostly<unknown>(
      0,
      fc.constantFrom(5, '20ms', -1, '1e9', '10h', null, 'Infinity', 1e308, '9'.repeat(400)),
    ),
    priority: mostly<unknown>(1, json),
    format: mostly<unknown>('full', json),
  },
  { requiredKeys: ['function'] },
)

const body = fc.oneof(
  { weight: 5, arbitrary: call.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: json.map((value) => JSON.stringify(value) ?? '') },
  { weight: 2, arbitrary: brokenJson },
  { weight: 1, arbitrary: odd },
)

const query = fc.oneof(
  fc.constantFrom('', '?', '?wait=10ms', '?wait=-1', '?wait=1e9h', '?format=full', '?limit=1000', '?limit=0'),
  fc.constantFrom(
    '?status=failed',
    '?status=x',
    '?cursor=1.rc_0',
    '?wait=5ms&wait=10h',
    '?__proto__=1',
    '?a[]=1',
  ),
  odd.map((text) => `?${text}`),
  fc
    .tuple(fc.constantFrom('limit', 'name', 'cursor', 'wait', 'format'), odd)
    .map(([name, text]) => `?${name}=${text}`),
)

/** Of the methods and paths that there are, and many that there are not. */
function routes({ own, foreign }: Known) {
  const ref = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...own) },
    { weight: 3, arbitrary: fc.constantFrom(...foreign) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('rc_0000000000000000000000', 'rc_', ...own.map((one) => one.toLowerCase())),
    },
    { weight: 1, arbitrary: odd },
  )
  const below = fc.constantFrom('', '/result', '/log', '/cancel', '/retry', '/', '/..', '/value')
  const fixed = fc.constantFrom(
    '/',
    '/tasks',
    '/tasks/',
    '/events',
    '/healthz',
    '/openapi.json',
    '/queue',
    '/queue/pause',
  )
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(ref, below).map(([one, path]) => `/tasks/${one}${path}`) },
    { weight: 4, arbitrary: fixed },
    { weight: 1, arbitrary: odd.map((text) => `/page/${text}`) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        odd,
        fc.constantFrom('*', 'http://evil.example/tasks', '//evil.example', '/tasks#x'),
      ),
    },
  )
}

function headers({ token }: Known) {
  const authorization = fc.oneof(
    { weight: 6, arbitrary: fc.constant(`Bearer ${token}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('Bearer', 'Basic YTpi', `Bearer ${token}x`, `bearer  ${token}`, ''),
    },
    { weight: 1, arbitrary: odd.map((text) => `Bearer ${text}`) },
  )
  return fc.record({
    Host: mostly(
      'localhost',
      fc.oneof(fc.constantFrom('evil.example', '', 'localhost:x', '[::1', 'a@localhost'), odd),
    ),
    Authorization: authorization,
    'Content-Type': mostly(
      'application/json',
      fc.oneof(fc.constantFrom('text/plain', 'application/jsonx'), odd),
    ),
    Origin: mostly(
      undefined,
      fc.oneof(fc.constantFrom('null', 'https://evil.example', 'http://localhost'), odd),
    ),
    'Last-Event-ID': mostly(undefined, odd),
    Expect: mostly(undefined, fc.constantFrom('100-continue', 'magic')),
    'X-HTTP-Method-Override': mostly(undefined, fc.constant('DELETE')),
  })
}

const methods = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('GET', 'POST') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'DELETE',
      'PUT',
      'PATCH',
      'HEAD',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'get',
      'QUERY',
    ),
  },
)

/** The same ones each time: the seed is fixed. A part is wrong all over; most get past the door, and are wrong inside. */
export function hostileRequests(known: Known, count: number): HostileRequest[] {
  const welcome = fc.constant({
    Host: 'localhost',
    Authorization: `Bearer ${known.token}`,
    'Content-Type': 'application/json',
  })
  const path = routes(known)
  const none = fc.constant('')
  const request = fc.oneof(
    { weight: 2, arbitrary: fc.record({ method: methods, path, query, headers: headers(known), body }) },
    {
      weight: 2,
      arbitrary: fc.record({
        method: fc.constant('POST'),
        path: fc.constant('/tasks'),
        query: none,
        headers: welcome,
        body,
      }),
    },
    { weight: 2, arbitrary: fc.record({ method: methods, path, query, headers: welcome, body: none }) },
  )
  return fc
    .sample(request, { seed: 20_26, numRuns: count })
    .map(({ method, path, query, headers, body }) => ({
      method,
      target: `${path}${query}`,
      headers: Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
      body,
    }))
}
