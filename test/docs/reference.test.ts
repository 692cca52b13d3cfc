import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { type ErrorCode, RaincheckError } from '../../src/core/words/errors.js'
import { eventNames } from '../../src/core/words/events.js'
import { createHttpApp } from '../../src/http/index.js'
import { problemErrorOf } from '../../src/http/problem.js'
import { createRaincheck } from '../../src/index.js'
import { registerTaskTools } from '../../src/mcp/index.js'
import { resultFields } from '../../src/mcp/result-fields.js'
import { root } from './snippets.js'
import { fieldsOf, namesIn, rowsBelow } from './tables.js'

const options = 'docs/reference/options.md'
const tools = 'docs/reference/mcp-tools.md'
const errors = 'docs/reference/errors.md'
const http = 'docs/reference/http.md'

const firstNames = (rows: string[][]) => rows.map(([first]) => namesIn(first)[0])
const source = (file: string) => readFile(join(root, file), 'utf8')

describe('the reference lists', () => {
  it.each([
    [options, 'createRaincheck(options)', 'src/create-raincheck.ts', 'RaincheckOptions'],
    [options, 'cached(options)', 'src/core/options/function-options.ts', 'FunctionOptions'],
    [options, 'Options of a call', 'src/core/options/call-options.ts', 'CallOptions'],
    [options, 'processPool(options)', 'src/backends/process-pool/process-pool.ts', 'ProcessPoolOptions'],
    [options, 'bullmq(options)', 'src/backends/bullmq/bullmq.ts', 'BullmqOptions'],
    [options, 'openConfig(path, changes)', 'src/open-config.ts', 'ConfigChanges'],
    [options, 'createHttpApp(rain, options)', 'src/http/options.ts', 'HttpOptions'],
    [options, 'createClient(url, options)', 'src/http/client-request.ts', 'ClientOptions'],
    [options, 'client.call(name, input, options)', 'src/http/client.ts', 'ClientCallOptions'],
    [options, 'convert(input, context)', 'src/convert/convert-options.ts', 'ConvertOptions'],
    [
      tools,
      'registerCachedTool(server, name, wrapped, options)',
      'src/mcp/cached-tool.ts',
      'CachedToolOptions',
    ],
    [tools, 'registerTaskTools(server, rain, options)', 'src/mcp/task-tools.ts', 'TaskToolsOptions'],
  ])('in %s every option of %s, and no other', async (page, heading, file, name) => {
    const code = heading === 'Options of a call' ? heading : `\`${heading}\``
    expect(firstNames(await rowsBelow(page, code)).sort()).toEqual((await fieldsOf(file, name)).sort())
  })

  it('every option of poll, list, retry, prune, recover and close', async () => {
    const rows = await rowsBelow(options, 'Methods of a raincheck')
    const listed = rows.flatMap(([method = '', what]) =>
      namesIn(what).map((name) => `${/\w+/.exec(method)?.[0]} ${name}`),
    )
    const text = (await source('src/core/raincheck.ts')) + (await source('src/core/scope.ts'))
    const checked = [...text.matchAll(/refuseUnknown\(options, \[([^\]]+)\]\)/g)]
    const known = checked
      .flatMap(([, names = '']) => names.match(/\w+/g) ?? [])
      .concat(await fieldsOf('src/core/refs/list.ts', 'ListOptions'))
    expect(known.length).toBeGreaterThan(8)
    for (const name of known) expect(listed.join('\n')).toMatch(new RegExp(` ${name}$`, 'm'))
  })

  it('every error code, with the status that HTTP answers with', async () => {
    const [, list = ''] = /^const codes = \[(.*?)^\]/ms.exec(await source('src/core/words/errors.ts')) ?? []
    const codes = [...list.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code as ErrorCode)
    const rows = await rowsBelow(errors, 'Library')
    expect(firstNames(rows).sort()).toEqual(codes.sort())
    for (const [code, , , status] of rows) {
      const problem = problemErrorOf(new RaincheckError(namesIn(code)[0] as ErrorCode, ''))
      expect(`${code} ${status}`).toContain(`${code} ${problem?.status ?? 500}`)
    }
  })

  it('every code that only HTTP has, with its status', async () => {
    const files = globSync('src/http/*.ts', { cwd: root })
    const text = (await Promise.all(files.map(source))).join('\n')
    const thrown = [...text.matchAll(/ProblemError\(\s*(\d{3}),\s*'([A-Z_]+)'/g)]
    const library = firstNames(await rowsBelow(errors, 'Library'))
    const expected = thrown
      .filter(([, , code]) => !library.includes(code))
      .map(([, status, code]) => `${code} ${status}`)
    const rows = await rowsBelow(errors, 'HTTP')
    expect(rows.map(([code, status]) => `${namesIn(code)[0]} ${status}`).sort()).toEqual(
      [...new Set(expected)].sort(),
    )
  })

  it('every code of a conversion', async () => {
    const [, list = ''] =
      /^export type ConvertErrorCode =\n(.*?)\n\n/ms.exec(await source('src/convert/convert-error.ts')) ?? []
    const codes = [...list.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code)
    expect(firstNames(await rowsBelow(errors, 'Conversions')).sort()).toEqual(codes.sort())
  })

  it('every event, and the fields of a task', async () => {
    const page = 'docs/reference/events.md'
    expect(firstNames(await rowsBelow(page, 'Events')).sort()).toEqual([...eventNames].sort())
    const fields = await fieldsOf('src/core/words/events.ts', 'TaskFacts')
    expect(firstNames(await rowsBelow(page, 'Task fields')).sort()).toEqual(fields.sort())
  })

  it('every route of the HTTP app, and every field of a request', async () => {
    const app = createHttpApp(createRaincheck(), { functions: [] })
    const { paths } = (await (await app.request('/openapi.json')).json()) as OpenApi
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(firstNames(await rowsBelow(http, 'Routes')).sort()).toEqual(
      [...routes, 'GET /', 'GET /openapi.json'].sort(),
    )
    const body = paths['/tasks']?.post?.requestBody?.content['application/json'].schema.properties
    expect(firstNames(await rowsBelow(http, 'Requests'))).toEqual(Object.keys(body ?? {}))
  })

  it('every task tool with its arguments, and every field of their results', async () => {
    const rows = new Map(
      (await rowsBelow(tools, 'Task tools')).map(([tool, ...rest]) => [namesIn(tool)[0], rest]),
    )
    const rain = createRaincheck()
    const registered: string[] = []
    const register = {
      registerTool: (name: string, { inputSchema }: { inputSchema: { shape: object } }) => {
        registered.push(name)
        for (const argument of Object.keys(inputSchema.shape))
          expect(rows.get(name)?.[0], name).toContain(`\`${argument}\``)
      },
    }
    const functions = [rain.cached({ name: 'f', asyncTimeout: 0 })(() => 1)]
    registerTaskTools(register, rain, { functions, admin: true, saveTo: (path) => path })
    expect([...rows.keys()].sort()).toEqual(registered.sort())
    const reserved = (await source(tools)).split('## Reserved fields')[1]?.split('##')[0]
    expect(namesIn(reserved).sort()).toEqual(['responseFormat', ...Object.keys(resultFields)].sort())
  })

  it('every tool of the bundled server', async () => {
    const files = globSync('src/program/mcp-server/*.ts', { cwd: root })
    const text = (await Promise.all(files.map(source))).join('\n')
    const names = [...text.matchAll(/(?:registerCachedTool\(host, |registerTool\(\s*)'(\w+)'/g)]
    expect(firstNames(await rowsBelow(tools, 'Tools of `raincheck mcp`')).sort()).toEqual(
      names.map(([, name]) => name).sort(),
    )
  })
})

interface OpenApi {
  paths: Record<string, Record<string, { requestBody?: { content: { 'application/json': Body } } }>>
}

interface Body {
  schema: { properties: object }
}
