import { mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRaincheck } from '../../src/index.js'
import { registerCachedTool, registerTaskTools } from '../../src/mcp/index.js'
import { times } from '../support/long.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { type Peer, peers } from './peers.js'

// The same values each time.
fc.configureGlobal({ seed: 6 })

const RUNS = times(1_000, 200)

const nasty = fc.constantFrom(
  ...['', '\0', '__proto__', 'constructor', '../../etc/passwd', '/etc/passwd', 'rc_', 'a'.repeat(100_000)],
  ...[-1, 0.5, 1e308, Number.MAX_SAFE_INTEGER + 2, null, true, [], {}],
)
const anything = fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 }))
const extra = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), fc.jsonValue(), { maxKeys: 3 })

/** Sets of arguments of which each may be right, wrong, missing or unknown. */
function argumentSets(right: Record<string, unknown[]>): fc.Arbitrary<object> {
  const fields = Object.entries(right).map(
    ([name, values]) => [name, fc.oneof(fc.constantFrom(...values), anything)] as const,
  )
  const named = fc.record(Object.fromEntries(fields), { requiredKeys: [] })
  return fc.tuple(named, extra).map(([known, unknown]) => ({ ...unknown, ...known }))
}

describe.each(peers)('hostile arguments on %s', (_, connect) => {
  async function server() {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'allowed'))
    const rain = createRaincheck()
    const input = z.object({ n: z.number(), text: z.string().optional() })
    const wrapped = rain.cached({ name: 'f', asyncTimeout: '5s', input })(async ({ n }) => {
      if (n < 0) throw new Error('below zero')
      return 'é'.repeat(Math.min(n, 10_000))
    })
    const saveTo = (path: string) => join(folder, 'allowed', basename(path))
    const peer = await connect((host) => {
      registerCachedTool(host, 'f', wrapped)
      registerTaskTools(host, rain, { functions: [wrapped], saveTo, admin: true })
    })
    const refs = [(await wrapped({ n: 9_000 })).ref, (await wrapped({ n: 1 })).ref]
    return { ...peer, folder, refs }
  }

  /** Each answer is a result; the server answers to the end. */
  async function survives({ call }: Peer, tool: string, sets: fc.Arbitrary<object>) {
    await fc.assert(
      fc.asyncProperty(sets, async (args) => {
        const { content } = await call(tool, args)
        expect(content.length).toBeGreaterThan(0)
        expect(JSON.stringify(content).length).toBeLessThan(20_000)
      }),
      { numRuns: RUNS },
    )
    expect((await call('list_tasks')).isError).toBeUndefined()
  }

  const formats = ['minimal', 'standard', 'full']
  const sets: [tool: string, right: (refs: string[]) => Record<string, unknown[]>][] = [
    ['f', () => ({ n: [1, 9_000, -1], text: ['x'], responseFormat: formats })],
    ['start_task', () => ({ function: ['f'], input: [{ n: 1 }, { n: -1 }], priority: [1], retries: [0] })],
    ['get_task_status', (refs) => ({ ref: refs, responseFormat: formats })],
    [
      'get_task_result',
      (refs) => ({ ref: refs, waitSeconds: [0], offset: [0, 8_999], limit: [100], saveTo: ['a', '../b'] }),
    ],
    ['list_tasks', () => ({ status: ['failed'], name: ['f'], limit: [1, 100], cursor: ['1.rc_'] })],
    ['cancel_task', (refs) => ({ ref: refs })],
    ['retry_task', (refs) => ({ ref: refs })],
    ['manage_task_queue', () => ({ action: ['stats', 'resume'] })],
  ]

  it.each(sets)(
    `of %s, ${RUNS} sets of them, are answered`,
    async (tool, right) => {
      const { folder, refs, ...peer } = await server()
      await survives(peer, tool, argumentSets(right(refs)))
      expect(await readdir(folder)).toEqual(['allowed'])
    },
    120_000,
  )
})
