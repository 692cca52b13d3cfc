import { link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AllowedDirectories } from '../../../src/program/mcp-server/allowed-directories.js'
import type { Result } from '../../mcp/peers.js'
import { times } from '../../support/long.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { stdioV1 } from './clients.js'

const RUNS = times(1_000, 200)
const SECRET = 'the-secret-that-must-not-come-out'

/** A folder that is allowed, links out of it, and around it what nobody may see or write to. */
async function place() {
  const home = await temporaryFolder()
  const inside = join(home, 'dir')
  await mkdir(join(inside, 'sub'), { recursive: true })
  await mkdir(join(home, 'dir-evil'))
  await writeFile(join(inside, 'note.txt'), 'a note')
  await writeFile(join(inside, 'sub', 'deep.csv'), 'a,b\n1,2\n')
  for (const name of ['secret.txt', 'dir-evil/secret.txt']) await writeFile(join(home, name), SECRET)
  await symlink(join(home, 'secret.txt'), join(inside, 'link.txt'))
  await symlink(join(home, 'dir-evil'), join(inside, 'out'))
  await symlink('/', join(inside, 'root'))
  return { home, inside }
}

/** What lies around the allowed folder, and how large it is. */
async function around(home: string) {
  const names = [...(await readdir(home)), ...(await readdir(join(home, 'dir-evil')))].sort()
  const size = async (path: string) => (await stat(join(home, path))).size
  return [names, await size('secret.txt'), await size('dir-evil/secret.txt')]
}

const goodAt = (inside: string) => fc.constantFrom('note.txt', 'sub/deep.csv', join(inside, 'note.txt'))

function pathsAt(home: string, inside: string) {
  const special = [
    '..',
    '.',
    '',
    '~',
    'C:',
    '%2e%2e%2f',
    '..\\',
    '\0',
    '\u202e',
    '\n',
    '$(id)',
    '*',
    '[a]',
    '{a,b}',
  ]
  const known = [
    'note.txt',
    'NOTE.TXT',
    'sub',
    'deep.csv',
    'link.txt',
    'out',
    'root',
    'secret.txt',
    'dir-evil',
    'etc/passwd',
  ]
  const part = fc.oneof(
    fc.constantFrom(...special, ...known),
    fc.string({ maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 10 }),
  )
  const start = fc.constantFrom(
    '',
    '/',
    './',
    '../../',
    `${inside}/`,
    `${home}/`,
    `${inside.toUpperCase()}/`,
    'file://',
    'http://127.0.0.1:9/',
    '//',
    'C:\\',
  )
  const built = fc
    .tuple(start, fc.array(part, { maxLength: 6 }))
    .map(([first, parts]) => first + parts.join('/'))
  const long = fc.constantFrom(
    'a'.repeat(300),
    'a/'.repeat(3_000),
    '../../'.repeat(1_000),
    `${'x'.repeat(100_000)}.pdf`,
  )
  return fc.oneof(
    { weight: 8, arbitrary: built },
    { weight: 1, arbitrary: long },
    { weight: 1, arbitrary: goodAt(inside) },
  )
}

/** Arguments of every kind, right and wrong, with paths at the places where tools take them. */
function argumentsFor(home: string, inside: string) {
  const path = pathsAt(home, inside)
  const junk = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(-1, 0, 1e308, '', null, [], {}, '__proto__', 'rc_0000000000000000000000'),
  )
  const ref = fc.oneof(fc.stringMatching(/^rc_[0-9A-Za-z]{22}$/), path, junk)
  const options = {
    ...{
      pageBreaks: junk,
      remoteImages: fc.oneof(fc.constantFrom('keep', 'strip'), junk),
      responseFormat: junk,
    },
    ...{ maxFileBytes: junk, maxUnpackedBytes: junk, maxArchiveEntries: junk, maxPages: junk },
  }
  const mostly = <T>(shape: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) =>
    fc.record(shape, { requiredKeys: [] })
  const document = mostly({ path: fc.oneof({ weight: 6, arbitrary: path }, { weight: 1, arbitrary: junk }) })
  const withOptions = fc
    .tuple(document, fc.oneof(fc.constant({}), mostly(options)))
    .map(([one, more]) => ({ ...more, ...one }))
  const known: Record<string, fc.Arbitrary<object>> = {
    convert_file: withOptions,
    start_conversion: withOptions,
    convert_batch: mostly({
      paths: fc.oneof(fc.array(path, { maxLength: 4 }), fc.array(goodAt(inside), { minLength: 1 }), junk),
      maxPages: junk,
    }),
    start_task: fc.oneof(
      mostly({
        function: fc.oneof(
          fc.constantFrom('convert', 'convert-batch', 'convert-file', 'convert-files', '__proto__'),
          junk,
        ),
        input: fc.oneof(withOptions, mostly({ paths: fc.array(path, { maxLength: 3 }) }), junk),
        priority: junk,
        retries: junk,
      }),
      fc.record({ function: fc.constant('convert'), input: fc.record({ path: goodAt(inside) }) }),
    ),
    answer_task: mostly({ ref, answers: fc.oneof(fc.dictionary(fc.string(), junk), junk) }),
    get_task_result: mostly({
      ref,
      waitSeconds: fc.oneof(fc.constant(0), junk),
      offset: junk,
      limit: junk,
      saveTo: fc.oneof(path, junk),
    }),
  }
  const other = mostly({ ref, status: junk, name: junk, limit: junk, cursor: junk, responseFormat: junk })
  return (tool: string) =>
    fc.oneof(
      { weight: 9, arbitrary: known[tool] ?? other },
      { weight: 1, arbitrary: fc.dictionary(fc.string(), junk) },
    )
}

describe('raincheck mcp, given hostile arguments,', () => {
  it(`answers all ${RUNS} sets of each tool, and neither reads nor writes outside of its directories`, async () => {
    const { home, inside } = await place()
    const { tools, call } = await stdioV1(home, [inside, '--async-timeout', '2s'])
    // That makes its data directory.
    await call('list_tasks')
    const before = await around(home)
    const generate = argumentsFor(home, inside)
    for (const { name } of tools) {
      const sets = fc.sample(generate(name), { seed: 6, numRuns: RUNS })
      let served = 0
      await inLanes(sets, async (args) => {
        const result = await call(name, args).catch((error: Error) => refusal(error))
        expect(JSON.stringify(result), `${name} ${JSON.stringify(args)}`).not.toContain(SECRET)
        expect(JSON.stringify(result)).not.toContain('root:x:0:0')
        if (!result.isError) served++
      })
      // Not only the refusals are put to the test.
      if (!['get_task_status', 'get_task_result', 'answer_task', 'cancel_task', 'retry_task'].includes(name))
        expect(served, name).toBeGreaterThan(RUNS / 50)
    }
    expect(await around(home)).toEqual(before)
    expect(await readFile(join(home, 'secret.txt'), 'utf8')).toBe(SECRET)
    // It is the same server still, and in order.
    const { content } = await call('convert_file', { path: 'note.txt' })
    expect(content.at(-1)?.text).toBe('a note\n')
  }, 600_000)

  it('saves results that it has to no place outside', async () => {
    const { home, inside } = await place()
    const { call } = await stdioV1(home, [inside])
    const { structuredContent } = await call('start_conversion', { path: 'note.txt' })
    const before = await around(home)
    const ref = structuredContent?.ref
    expect(ref).toMatch(/^rc_/)
    const paths = fc.sample(pathsAt(home, inside), { seed: 7, numRuns: RUNS })
    await inLanes(paths, async (saveTo) => {
      const result = await call('get_task_result', { ref, saveTo })
      const savedTo = result.structuredContent?.savedTo as string | undefined
      if (savedTo !== undefined) expect(savedTo.startsWith(`${inside}/`), savedTo).toBe(true)
    })
    expect(await around(home)).toEqual(before)
  }, 300_000)

  it('cannot tell a hard link from any other file, which the documentation says', async () => {
    const { home, inside } = await place()
    await link(join(home, 'secret.txt'), join(inside, 'hard.txt'))
    const allowed = await AllowedDirectories.open([inside])
    expect(await allowed.existing('hard.txt')).toBe(join(inside, 'hard.txt'))
  })
})

/** What the protocol itself refuses, such as arguments that are no object, is an answer as well. */
function refusal(error: Error & { code?: number }): Pick<Result, 'isError'> & { message: string } {
  expect(error.code, error.message).toBe(-32602)
  return { isError: true, message: error.message }
}

/** Several at once, as the requests of a client may be. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const lane = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}
